import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { Probe } from './probe.ts'

const READ = 'grep -q canary "$1"'
const BEFORE = 'echo canary > /tmp/own'

/** Of tools, where they may hold passwords. */
const SETTINGS = [
  '/etc/maven/settings.xml',
  '/etc/maven/settings-security.xml',
  '/etc/gradle/gradle.properties',
  '/etc/npmrc',
  '/etc/pip.conf',
  '/etc/uv/uv.toml',
  '/etc/gitconfig',
  '/root/.m2/settings.xml',
]

/** Told by their content: something of ours may lie at the same place. */
function withDigest(file: string, bytes = readFileSync(file)): string {
  return `${file} ${createHash('sha256').update(bytes).digest('hex')}`
}

/** Files of the worker, of its machine and of other builds, read. */
export const FILE_PROBES: readonly Probe[] = [
  {
    title: "reads the worker's files and those of its user",
    carrier: 'npm install script',
    before: BEFORE,
    attempt: READ,
    own: '/tmp/own',
    others: ({ files }) => [files.worker, files.home],
  },
  {
    title: "reads the files of another tenant's build",
    carrier: 'setup.py',
    before: BEFORE,
    attempt: READ,
    own: '/tmp/own',
    others: ({ files }) => [files.neighbour],
  },
  {
    title: "reads the machine's accounts, keys and name",
    carrier: 'static initializer',
    before: BEFORE,
    attempt: 'grep -q . "$1"',
    own: '/tmp/own',
    others: () => [
      ...['/etc/shadow', '/etc/machine-id', '/etc/hostname', '/etc/ssh/ssh_host_rsa_key'],
      ...['/root/.bashrc', '/var/log/dpkg.log', '/var/lib/dpkg/status', '/proc/keys'],
    ],
  },
  {
    title: "reads the settings of the machine's tools",
    carrier: 'Maven plugin',
    before: BEFORE,
    attempt: 'set -- $1; sha256sum < "$1" | grep -q "^$2 "',
    own: withDigest('/tmp/own', Buffer.from('canary\n')),
    others: () => SETTINGS.filter((file) => existsSync(file)).map((file) => withDigest(file)),
  },
  {
    title: 'lists folders that are not its own',
    carrier: 'bootstrap',
    before: 'mkdir -p /tmp/folder && touch /tmp/folder/file',
    attempt: 'ls -A "$1" | grep -q .',
    own: '/tmp/folder',
    others: ({ line, files }) => [
      ...['/home', '/var', '/run', '/mnt', '/srv', '/media', '/sys', '/boot'],
      ...[line.folder, `${line.folder}/scratch`, files.cache.replace(/\/other-.*/, '')],
    ],
  },
  {
    title: 'goes to other roots by the list of processes',
    carrier: "Python handler's import",
    before: BEFORE,
    attempt:
      'for own in /proc/[0-9]*/root /proc/[0-9]*/cwd; do grep -q canary "$own/$1" && return 0; done; false',
    own: '../tmp/own',
    others: ({ files }) => Object.values(files),
  },
  {
    title: 'climbs out of its folder by dots and by links',
    carrier: "plugin's init",
    before: `${BEFORE}; ln -s ../../../../../.. /tmp/up`,
    attempt: READ,
    own: '/tmp/up/tmp/own',
    others: ({ files }) => Object.values(files).map((file) => `/tmp/up${file}`),
  },
  {
    title: 'reads what a link of its own leads to',
    carrier: 'Gradle script',
    before: BEFORE,
    attempt: 'ln -sfn "$1" /tmp/link; grep -q canary /tmp/link',
    own: '/tmp/own',
    others: ({ files }) => Object.values(files),
  },
  {
    title: 'gives a hard link to a file outside',
    carrier: 'Makefile',
    before: 'echo canary > own; chmod 600 own',
    attempt: 'rm -f hard; ln "$1" hard',
    own: 'own',
    others: ({ files }) => [...Object.values(files), '/usr/bin/env', '/etc/passwd'],
  },
  {
    title: 'reads disks, memory and the log of the kernel as devices',
    carrier: 'build.command',
    attempt: 'head -c 1 "$1" | od -An -c | grep -q .',
    own: '/dev/zero',
    others: () => ['/dev/mem', '/dev/kmsg', '/dev/sda', '/dev/vda', '/dev/nvme0n1', '/proc/kcore'],
  },
  {
    title: 'makes devices of its own',
    carrier: 'Maven plugin',
    attempt: 'rm -f /tmp/node; mknod /tmp/node $1',
    own: 'p',
    others: () => ['b 8 0', 'b 253 0', 'c 1 1', 'c 1 11', 'c 1 3'],
  },
]
