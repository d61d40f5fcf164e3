import * as z from 'zod'
import type { ReadText } from '../../../text-of-entry.ts'

/** The SHA-512 of a package's archive, hexadecimal, where the lock files agree on one. */
export type DigestOf = (name: string, version: string) => string | undefined

interface Locked {
  /** "@scope/name@1.0.0". */
  id: string
  sha512: string
}

const LOCK_BYTES_MAX = 32 * 1024 * 1024
/** Yarn 2 and later have digests of their own archives only, which are nobody else's. */
const READERS: Readonly<Record<string, (text: string) => Locked[]>> = {
  'npm-shrinkwrap.json': lockedByNpm,
  'package-lock.json': lockedByNpm,
  // What npm notes of an install without a lock file.
  'node_modules/.package-lock.json': lockedByNpm,
  'yarn.lock': lockedByYarn,
  'pnpm-lock.yaml': lockedByPnpm,
}

/** Of all lock files at the root: whichever was followed, a version's archive is the same. */
export async function lockDigests(read: ReadText): Promise<DigestOf> {
  const digests = new Map<string, Set<string>>()
  for (const [path, locked] of Object.entries(READERS)) {
    const text = await read(path, LOCK_BYTES_MAX)
    for (const { id, sha512 } of text === undefined ? [] : locked(text)) {
      digests.set(id, (digests.get(id) ?? new Set()).add(sha512))
    }
  }
  return (name, version) => {
    const [one, ...others] = digests.get(`${name}@${version}`) ?? []
    return others.length === 0 ? one : undefined
  }
}

const text = z.string().optional().catch(undefined)
const npmSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ name: text, version: text, integrity: text })),
})

/** By places such as "node_modules/a/node_modules/@b/c"; one under another name has its own. */
function lockedByNpm(lock: string): Locked[] {
  const { packages = {} } = parseNpm(lock) ?? {}
  return Object.entries(packages).flatMap(([place, { name, version, integrity }]) => {
    const [, found] = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place) ?? []
    return locked(name ?? found, version, integrity)
  })
}

function parseNpm(lock: string): z.output<typeof npmSchema> | undefined {
  try {
    return npmSchema.safeParse(JSON.parse(lock)).data
  } catch {
    // No JSON: nothing is known by it, and npm has had its say.
    return undefined
  }
}

/** `"@a/b@^1.0.0", "@a/b@~1":`, or `other@npm:name@^1.0.0:`. */
const YARN_KEY = /^"?(?:@?[^@\n]+@npm:)?(@?[^@"\n]+)@/

/** Yarn 1: its form is its own, and frozen; two fields of it are no reason for a parser. */
function lockedByYarn(lock: string): Locked[] {
  return lock.split(/\n(?=\S)/).flatMap((entry) => {
    const [, version] = /^ {2}version "([^"\n]+)"/m.exec(entry) ?? []
    const [, integrity] = /^ {2}integrity (\S+)/m.exec(entry) ?? []
    return locked(YARN_KEY.exec(entry)?.[1], version, integrity)
  })
}

/** `'@a/b@1.0.0':`, of pnpm 8 `/@a/b@1.0.0(peer@2.0.0):`, of pnpm 7 `/@a/b/1.0.0_peer@2.0.0:`. */
const PNPM_KEY = /^'?\/?((?:@[^/@\n]+\/)?[^/@\n]+)[@/](\d[^('_:\n]*)/

/** By lines, as pnpm writes them: YAML of some megabytes would hold the worker up for seconds. */
function lockedByPnpm(lock: string): Locked[] {
  return lock.split(/\n {2}(?=\S)/).flatMap((entry) => {
    const [, name, version] = PNPM_KEY.exec(entry) ?? []
    const [, integrity] = /^ {4}resolution: \{[^\n]*?integrity: ([^\s,}]+)/m.exec(entry) ?? []
    return locked(name, version, integrity)
  })
}

/** None where one of them is missing, or the digest is of another kind. */
function locked(
  name: string | undefined,
  version: string | undefined,
  integrity: string | undefined,
): Locked[] {
  const [, digest] = /^sha512-([A-Za-z0-9+/]{86}==)/.exec(integrity ?? '') ?? []
  if (name === undefined || version === undefined || digest === undefined) return []
  return [{ id: `${name}@${version}`, sha512: Buffer.from(digest, 'base64').toString('hex') }]
}
