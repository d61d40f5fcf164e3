import { lstat, readdir, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'

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

/** Our own: no user of this machine is named in the sandbox, and `localhost` is its only host. */
const OWN_ETC = join(import.meta.dirname, 'etc')

/** bubblewrap's arguments that show the system's files, read-only; for all commands alike. */
export async function systemArguments(): Promise<string[]> {
  // Debian's JDKs keep their configuration in /etc/java-17-openjdk and the like.
  const java = (await readdir('/etc')).filter((name) => name.startsWith('java'))
  const [top, etc] = await Promise.all([topFolders(), existing([...ETC_ENTRIES, ...java])])
  const folders = new Set(['/etc', ...etc.map((entry) => join('/etc', entry, '..'))])
  return [
    '--ro-bind',
    '/usr',
    '/usr',
    ...top,
    // Made by name: parents that bubblewrap makes by itself can only be entered by their owner.
    ...[...folders].flatMap((folder) => ['--perms', '0755', '--dir', folder]),
    ...etc.flatMap((entry) => ['--ro-bind', `/etc/${entry}`, `/etc/${entry}`]),
    ...['passwd', 'group'].flatMap((name) => ['--ro-bind', join(OWN_ETC, name), `/etc/${name}`]),
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

/** A link that leads nowhere does not count: it can not be bound. */
async function existing(entries: readonly string[]): Promise<string[]> {
  const kinds = await Promise.all(
    entries.map((entry) => stat(join('/etc', entry)).catch(() => undefined)),
  )
  return entries.filter((_, index) => kinds[index] !== undefined)
}
