import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { foldersOf } from '../tree.ts'

const TOP_FOLDERS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']

/** What tools of Debian, Red Hat and Alpine kinds read below /etc; never keys or credentials. */
const ETC_ENTRIES = [
  'alternatives',
  'ca-certificates',
  'crypto-policies',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'maven',
  'nsswitch.conf',
  'os-release',
  'pki/ca-trust',
  'pki/java',
  'pki/tls/cert.pem',
  'pki/tls/certs',
  'protocols',
  'services',
  'ssl/cert.pem',
  'ssl/certs',
  'ssl/openssl.cnf',
]

/** What of it is left out: settings of Maven and of a JVM's watchers, which may hold passwords. */
const WITHHELD = /^(?:settings.*\.xml|jmxremote\.password|snmp\.acl)/i

/** Our own: no user of this machine is named in the sandbox, and `localhost` is its only host. */
const OWN_ETC = join(import.meta.dirname, 'etc')

/**
 * bubblewrap's arguments that show the system's files, read-only; for all commands alike. `from`:
 * where what is shown as /etc lies.
 */
export async function systemArguments(from = '/etc'): Promise<string[]> {
  // Debian's JDKs keep their configuration in /etc/java-17-openjdk and the like.
  const java = (await readdir(from)).filter((name) => name.startsWith('java'))
  const [top, etc, own] = await Promise.all([
    topFolders(),
    shownOf(from, [...ETC_ENTRIES, ...java]),
    ownEntries(from),
  ])
  const folders = new Set([...etc, ...own].flatMap(foldersOf))
  return [
    '--ro-bind',
    '/usr',
    '/usr',
    ...top,
    // Made by name: parents that bubblewrap makes by itself can only be entered by their owner.
    ...['/etc', ...[...folders].map((folder) => `/etc/${folder}`)].flatMap((folder) => {
      return ['--perms', '0755', '--dir', folder]
    }),
    ...etc.flatMap((entry) => ['--ro-bind', join(from, entry), `/etc/${entry}`]),
    ...own.flatMap((entry) => ['--ro-bind', join(OWN_ETC, entry), `/etc/${entry}`]),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
  ]
}

/** How commands find hosts: there is only localhost. */
export function offlineArguments(): string[] {
  return ['--ro-bind', join(OWN_ETC, 'hosts'), '/etc/hosts']
}

/** /bin and its like are links into /usr on most systems, folders of their own on others. */
async function topFolders(): Promise<string[]> {
  const found = await Promise.all(
    TOP_FOLDERS.map(async (name) => {
      const kind = await lstat(`/${name}`).catch(() => undefined)
      if (kind?.isSymbolicLink()) return ['--symlink', await readlink(`/${name}`), `/${name}`]
      return kind?.isDirectory() ? ['--ro-bind', `/${name}`, `/${name}`] : []
    }),
  )
  return found.flat()
}

/**
 * The entries that are there; of a folder in which something is withheld, all else in it. A link
 * that leads nowhere does not count: it can not be bound.
 */
async function shownOf(from: string, entries: readonly string[]): Promise<string[]> {
  const found = await Promise.all(entries.map((entry) => shownOne(from, entry)))
  return found.flat()
}

async function shownOne(from: string, entry: string): Promise<string[]> {
  const path = join(from, entry)
  const kind = await stat(path).catch(() => undefined)
  if (!kind) return []
  const below = kind.isDirectory() ? await readdir(path, { recursive: true }) : []
  if (!below.some((name) => WITHHELD.test(basename(name)))) return [entry]
  const names = (await readdir(path)).filter((name) => !WITHHELD.test(name))
  return shownOf(
    from,
    names.map((name) => join(entry, name)),
  )
}

/** What stands in for the machine's; for Maven's settings where these keep it from plain http. */
async function ownEntries(from: string): Promise<string[]> {
  const settings = await readFile(join(from, 'maven/settings.xml'), 'utf8').catch(() => '')
  const maven = settings.includes('maven-default-http-blocker') ? ['maven/settings.xml'] : []
  return ['passwd', 'group', ...maven]
}
