import type { Draft } from '@packline/records'
import {
  clashOf,
  type DraftEntry,
  type FailureWords,
  failed,
  LIMITS,
  type PacklineError,
} from '@packline/shared'
import { draftFailures } from '../texts/drafts.ts'
import { noEntry } from './entry-at.ts'

type Entries = Draft['entries']

/** One entry in place of what stands there, which may be no folder of others. */
export function withEntry(entries: Entries, path: string, entry: DraftEntry): Entries {
  return new Map([...entries, [path, entry]])
}

/** Without a file, or a folder with all that is in it. Throws NOT_FOUND. */
export function without(entries: Entries, path: string): Entries {
  const left = [...entries].filter(([other]) => !isWithin(other, path))
  if (left.length < entries.size) return new Map(left)
  throw noEntry(path)
}

/** A file or folder under another path. Throws NOT_FOUND, CONFLICT where something stands there. */
export function moved(entries: Entries, from: string, to: string): Entries {
  if (isWithin(to, from)) throw conflict(draftFailures.intoItself(from), to)
  const left = without(entries, from)
  const isTaken = [...left.keys()].some((path) => isWithin(path, to))
  if (isTaken) throw conflict(draftFailures.isTaken(to), to)
  const gone = [...entries].filter(([path]) => isWithin(path, from))
  return new Map([
    ...left,
    ...gone.map(([path, entry]) => [moveOne(path, from, to), entry] as const),
  ])
}

/**
 * What a package could hold, within the editor's limits (rules entry-names and unpack-to-edit).
 * Throws CONFLICT for two paths that can not stand side by side, UNPACKED_TOO_LARGE.
 */
export function checkEntries(entries: Entries, bytesMax: number): void {
  if (entries.size > LIMITS.draftEntriesMax) {
    const words = draftFailures.tooManyEntries(entries.size, LIMITS.draftEntriesMax)
    throw failed('UNPACKED_TOO_LARGE', words)
  }
  const bytes = [...entries.values()].reduce((sum, { size }) => sum + size, 0)
  if (bytes > bytesMax) throw failed('UNPACKED_TOO_LARGE', draftFailures.tooLarge(bytes, bytesMax))
  // A folder of its own may have files in it, a file may not.
  const parents = new Set([...entries.keys()].flatMap(foldersOf))
  const isLeaf = ([path, { kind }]: [string, DraftEntry]) => kind !== 'folder' || !parents.has(path)
  const leaves = [...entries].filter(isLeaf).map(([path]) => path)
  const [one, other] = clashOf(leaves) ?? []
  if (one !== undefined && other !== undefined) {
    throw conflict(draftFailures.clash(one, other), other)
  }
}

function moveOne(path: string, from: string, to: string): string {
  return `${to}${path.slice(from.length)}`
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function conflict(words: FailureWords, at: string): PacklineError {
  return failed('CONFLICT', words, { at })
}
