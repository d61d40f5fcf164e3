import { expect } from 'vitest'
import type { Probe } from './probe.ts'

const APPEND = 'echo changed >> "$1"'
const OWN = '/tmp/own'

/** What is not the build's, written, removed or replaced. */
export const WRITING_PROBES: readonly Probe[] = [
  {
    title: "changes the worker's files",
    carrier: 'npm install script',
    attempt: APPEND,
    own: OWN,
    others: ({ files, line }) => [...Object.values(files), `${line.folder}/new`],
  },
  {
    title: "changes the files of another tenant's build and cache",
    carrier: "pip's build backend",
    attempt: 'rm "$1" || chmod 777 "$1" || touch "$(dirname "$1")/new"',
    own: OWN,
    before: `touch ${OWN}`,
    others: ({ files }) => [files.neighbour, files.cache],
  },
  {
    title: "changes the system's programs and settings",
    carrier: 'Maven plugin',
    attempt: APPEND,
    own: OWN,
    others: () => [
      ...['/usr/bin/env', '/usr/lib/new', '/etc/passwd', '/etc/hosts', '/etc/ld.so.preload'],
      ...['/new', '/bin/new', '/usr/local/bin/new', '/dev/new', '/opt/new', process.execPath],
    ],
  },
  {
    title: 'changes the tools that it is built with',
    carrier: 'Gradle script',
    attempt: 'test -w "$1"',
    before: `touch ${OWN}`,
    own: OWN,
    others: () => [
      '/usr/bin',
      '/usr/share/java',
      '/usr/share/gradle',
      '/usr/lib/jvm',
      '/usr/bin/sh',
    ],
  },
  {
    title: 'changes the settings of the kernel',
    carrier: 'build.command',
    attempt: APPEND,
    own: OWN,
    others: () => [
      ...['/proc/sys/kernel/core_pattern', '/proc/sys/vm/overcommit_memory', '/proc/sysrq-trigger'],
      ...['/sys/fs/cgroup/release_agent', '/sys/kernel/uevent_helper', '/proc/1/oom_score_adj'],
    ],
  },
  {
    title: 'takes the limits off its own processes',
    carrier: 'Makefile',
    attempt: 'ulimit -n "$1"',
    own: '64',
    others: () => ['1000000', 'unlimited'],
  },
  {
    title: 'makes what is read-only writable',
    carrier: "Python handler's import",
    attempt: 'sh -c "$1"',
    own: `echo x > ${OWN}`,
    others: () => [
      ...['mount -o remount,rw /', 'mount -t tmpfs none /tmp', 'umount /proc', 'umount -l /usr'],
      'mount --bind /tmp /usr',
    ],
  },
  {
    title: 'changes the package while it is being loaded',
    carrier: "Node.js handler's module",
    attempt: APPEND,
    own: OWN,
    others: () => ['/opt/function/code/index.js', '/opt/function/code/new', '/packline/new'],
    outside: ({ entries }) => {
      expect([...entries.keys()]).toEqual(['index.js'])
      expect(entries.get('index.js')?.bytes.toString()).not.toMatch(/^changed$/m)
    },
  },
]
