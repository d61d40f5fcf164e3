/**
 * What stays though Redis is lost, besides builds, which have the archive: each thing is an object
 * of its own, and each version of it lies under another key, so that none is half written.
 */
const KINDS = ['functions', 'dependencies', 'hooks', 'credentials', 'keys'] as const
export type LastingKind = (typeof KINDS)[number]

export const LASTING_PREFIX = 'lasting/'

/** With spaces between a thing in Redis; a tenant's hooks, keys and credentials are `all`. */
export function partsOf(thing: string): [kind: LastingKind, tenant: string, name: string] {
  const [kind = '', tenant = '', name = ''] = thing.split(' ')
  return [kind as LastingKind, tenant, name]
}

/** Below it lie the versions of a thing. */
export function folderOf(thing: string): string {
  return `${LASTING_PREFIX}${thing.replaceAll(' ', '/')}/`
}

export function keyOf(thing: string, version: number): string {
  return `${folderOf(thing)}${String(version).padStart(10, '0')}.json.gz`
}

const KEY = new RegExp(
  `^${LASTING_PREFIX}((?:${KINDS.join('|')})/[^/ ]+/[^/ ]+)/(\\d{10})\\.json\\.gz$`,
)

/** Undefined for an object that nobody of us has written. */
export function versionOfKey(key: string): { thing: string; version: number } | undefined {
  const [, path, version] = KEY.exec(key) ?? []
  return path === undefined
    ? undefined
    : { thing: path.replaceAll('/', ' '), version: Number(version) }
}
