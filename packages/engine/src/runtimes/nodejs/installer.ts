import { failed, type PacklineError } from '@packline/shared'
import { nodejsFailures } from '../../texts/failures/nodejs.ts'
import type { Tree } from '../../tree.ts'
import { type Manifest, placeInManifest } from './manifest.ts'

export type InstallerName = 'npm' | 'yarn' | 'berry' | 'pnpm'

/** Which package manager a source is made for, and why. */
export interface Installer {
  name: InstallerName
  /** Exact; npm's is the worker's own. */
  version: string
  /** What its archive has to be, from package.json. */
  hash?: { algorithm: string; hex: string }
  /** Its lock file, where the source has it. */
  lock?: string
  because: string
}

/** The last that reads each form of lock file; npm's lock files are read by every npm. */
const YARN = '1.22.22'
const PNPM = '10.34.9'
const BERRY_BY_LOCK: Readonly<Record<string, string>> = {
  '4': '2.4.2',
  '5': '3.1.1',
  '6': '3.8.7',
  '8': '4.13.0',
  '9': '4.14.1',
  '10': '4.18.1',
}
const PNPM_BY_LOCK: Readonly<Record<string, string>> = { '5': '7.33.7', '6': '8.15.9', '9': PNPM }

const LOCK_BYTES_MAX = 64 * 1024 * 1024
const LOCKS = ['npm-shrinkwrap.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'] as const

/** As Corepack reads it: a name, a whole version, and the hash of what is to be downloaded. */
const FIELD = /^(\w+)@(\d+\.\d+\.\d+(?:-[\w.-]+)?)(?:\+(sha\d{1,3})\.([0-9a-f]{40,128}))?$/

/** `packageManager` decides, else the lock file; npm where there is neither. */
export async function chooseInstaller(
  tree: Tree,
  manifest: Manifest | undefined,
): Promise<Installer> {
  const lock = LOCKS.find((path) => tree.find(path) !== undefined)
  const field = manifest?.packageManager
  const chosen = field ? await byField(tree, field) : await byLock(tree, lock)
  const isThere = (path: string) => tree.find(path) !== undefined
  const own = ownLocks(chosen.name)
  // Lock files of others are said to be there: what they pin is not what was installed.
  const other = [...LOCKS, 'bun.lock', 'bun.lockb'].find(
    (path) => isThere(path) && !own.includes(path),
  )
  const because = other ? `${chosen.because}; ${other} is not followed` : chosen.because
  return { ...chosen, lock: own.find(isThere), because }
}

type Chosen = Omit<Installer, 'lock'>

async function byField(tree: Tree, field: string): Promise<Chosen> {
  const [, name, version = '', algorithm, hex] = FIELD.exec(field) ?? []
  const because = `package.json has "packageManager": "${name}@${version}"`
  const hash = algorithm && hex ? { algorithm, hex } : undefined
  if (name === 'npm') return { name, version, because }
  if (name === 'pnpm') return { name, version, hash, because }
  if (name === 'yarn') {
    return { name: version.startsWith('1.') ? 'yarn' : 'berry', version, hash, because }
  }
  const place = await placeInManifest(tree, ['packageManager'])
  throw failed('MANIFEST_INVALID', nodejsFailures.packageManager(place, field, `pnpm@${PNPM}`))
}

async function byLock(tree: Tree, lock: (typeof LOCKS)[number] | undefined): Promise<Chosen> {
  const because = lock ? `there is a ${lock}` : 'package.json has no lock file beside it'
  if (lock === 'yarn.lock') return byYarnLock(await start(tree, lock), because)
  if (lock !== 'pnpm-lock.yaml') return { name: 'npm', version: '', because }
  const [, major = ''] = /^lockfileVersion: *['"]?(\d+)/m.exec(await start(tree, lock)) ?? []
  const version = PNPM_BY_LOCK[major]
  if (version !== undefined) return { name: 'pnpm', version, because }
  throw unknownForm(lock, 'lockfileVersion', major, PNPM_BY_LOCK)
}

function unknownForm(lock: string, field: string, found: string, known: object): PacklineError {
  const said = nodejsFailures.unknownLock(lock, field, found, Object.keys(known))
  return failed('MANIFEST_INVALID', said)
}

/** Yarn 1 and its successor share the name of the lock file, and nothing of its form. */
function byYarnLock(text: string, because: string): Chosen {
  const [, form] = /^__metadata:\s+version: *['"]?(\d+)/m.exec(text) ?? []
  if (form === undefined) return { name: 'yarn', version: YARN, because }
  const version = BERRY_BY_LOCK[form]
  if (version !== undefined) return { name: 'berry', version, because }
  throw unknownForm('yarn.lock', '__metadata.version', form, BERRY_BY_LOCK)
}

async function start(tree: Tree, path: string): Promise<string> {
  const text = (await tree.read(path, LOCK_BYTES_MAX)).toString('utf8', 0, 4096)
  return text.replaceAll('\r\n', '\n')
}

function ownLocks(name: InstallerName): readonly string[] {
  if (name === 'npm') return ['npm-shrinkwrap.json', 'package-lock.json']
  return [name === 'pnpm' ? 'pnpm-lock.yaml' : 'yarn.lock']
}
