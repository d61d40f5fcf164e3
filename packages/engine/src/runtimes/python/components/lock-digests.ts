import { posix } from 'node:path'
import type { ReadText } from '../../../text-of-entry.ts'
import { normalName } from '../manifests/requirement.ts'
import { isTable, readToml, type Table, tableAt, tablesIn, textsIn } from '../manifests/toml.ts'

/** What is known of an installed distribution; `tags`: what its WHEEL says that it is for. */
export interface Installed {
  name: string
  version: string
  tags: readonly string[]
}

/**
 * SHA-256 of archives, hexadecimal and sorted, of which it came from one; none where no lock file
 * has it, or they do not agree.
 */
export type DigestsOf = (installed: Installed) => readonly string[]

/** One archive that a lock file allows; some tell its file, such as "six-1.17.0.tar.gz". */
interface Locked {
  name: string
  version: string
  file?: string
  sha256: string
}

const LOCK_BYTES_MAX = 16 * 1024 * 1024
type Reader = (text: string) => Locked[]
const READERS: Readonly<Record<string, Reader>> = {
  'uv.lock': lockedByUv,
  'poetry.lock': lockedByPoetry,
  'Pipfile.lock': lockedByPipenv,
}
const REQUIREMENTS = /^(?:requirements\/[^/]+|[^/]*requirements[^/]*)\.txt$/

/**
 * By all lock files at the root, requirements with hashes among them: whichever was followed, an
 * archive's bytes are the same. Of those that one has, it is the wheel with the tags of the
 * installed one; Pipenv and pip do not tell which that is.
 */
export async function lockDigests(paths: readonly string[], read: ReadText): Promise<DigestsOf> {
  const locks: Map<string, Locked[]>[] = []
  for (const path of paths) {
    const reader = READERS[path] ?? (REQUIREMENTS.test(path) ? lockedByRequirements : undefined)
    const text = reader && (await read(path, LOCK_BYTES_MAX))
    if (reader && text !== undefined) locks.push(Map.groupBy(reader(text), idOf))
  }
  return (installed) => {
    const [first, ...others] = locks.flatMap((lock) => {
      const locked = lock.get(idOf(installed))
      return locked ? [digestsIn(locked, installed)] : []
    })
    return [...others.reduce((left, one) => left.intersection(one), first ?? new Set())].sort()
  }
}

function digestsIn(locked: readonly Locked[], installed: Installed): Set<string> {
  const wheels = locked.filter(({ file }) => isWheelOf(file, installed))
  return new Set((wheels.length > 0 ? wheels : locked).map(({ sha256 }) => sha256))
}

function idOf({ name, version }: Pick<Locked, 'name' | 'version'>): string {
  return `${normalName(name)}@${version}`
}

/** "six-1.17.0-py2.py3-none-any.whl" is for py2-none-any and for py3-none-any (PEP 425). */
function isWheelOf(file: string | undefined, { tags }: Installed): boolean {
  const [, pythons, abis, platforms] = /-([^-]+)-([^-]+)-([^-]+)\.whl$/.exec(file ?? '') ?? []
  if (pythons === undefined || tags.length === 0) return false
  const part = (text = '') => text.split('.')
  const all = part(pythons).flatMap((python) =>
    part(abis).flatMap((abi) => part(platforms).map((platform) => `${python}-${abi}-${platform}`)),
  )
  return all.length === new Set(tags).size && all.every((tag) => tags.includes(tag))
}

function lockedByUv(text: string): Locked[] {
  return tablesIn(tomlOf(text).package).flatMap((entry) =>
    [...tablesIn([entry.sdist]), ...tablesIn(entry.wheels)].flatMap((archive) => {
      const [address] = textsIn([archive.url, archive.path, archive.filename])
      return lockedOf(entry, archive.hash, address && posix.basename(address))
    }),
  )
}

function lockedByPoetry(text: string): Locked[] {
  const lock = tomlOf(text)
  // Poetry 1.0 kept the files of all packages in one table.
  const files = tableAt(lock, 'metadata', 'files')
  return tablesIn(lock.package).flatMap((entry) =>
    tablesIn(entry.files ?? files[String(entry.name)]).flatMap(({ hash, file }) =>
      lockedOf(entry, hash, textsIn(file)[0]),
    ),
  )
}

/** What is no TOML says nothing here; whoever had to follow it has refused it. */
function tomlOf(text: string): Table {
  try {
    return readToml(text, 'lock')
  } catch {
    return {}
  }
}

function lockedByPipenv(text: string): Locked[] {
  const entries = Object.entries(tableAt(jsonOf(text), 'default'))
  return entries.flatMap(([name, value]) => {
    const entry = isTable(value) ? value : {}
    const version = textsIn(entry.version)[0]?.replace(/^===?/, '')
    return textsIn(entry.hashes ?? []).flatMap((hash) => lockedOf({ name, version }, hash))
  })
}

function jsonOf(text: string): Table {
  try {
    const value: unknown = JSON.parse(text)
    return isTable(value) ? value : {}
  } catch {
    // As with TOML.
    return {}
  }
}

const PINNED = /^\s*([\w.-]+)\s*(?:\[[^\]\n]*\])?\s*===?\s*([\w.+!-]+)/
const HASH = /\s--hash[=\s]\s*(sha256:[0-9a-f]{64})/gi

function lockedByRequirements(text: string): Locked[] {
  const lines = text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)
  return lines.flatMap((line) => {
    const [, name, version] = PINNED.exec(line) ?? []
    return [...line.matchAll(HASH)].flatMap(([, hash]) => lockedOf({ name, version }, hash))
  })
}

/** None where one of them is missing, or the digest is of another kind. */
function lockedOf({ name, version }: Table, hash: unknown, file?: string): Locked[] {
  const [, sha256] = /^sha256:([0-9a-f]{64})$/i.exec(String(hash)) ?? []
  if (typeof name !== 'string' || typeof version !== 'string' || sha256 === undefined) return []
  return [{ name, version, file, sha256: sha256.toLowerCase() }]
}
