import type { Draft } from '@packline/records'
import { type DraftEntry, failed, type PacklineError } from '@packline/shared'
import { draftFailures } from '../texts/drafts.ts'

/** What stands at a path: an entry, or a folder that only its files tell of. */
export function entryAt(entries: Draft['entries'], path: string): DraftEntry | undefined {
  const entry = entries.get(path)
  if (entry) return entry
  const isFolder = [...entries.keys()].some((other) => other.startsWith(`${path}/`))
  return isFolder ? { kind: 'folder', size: 0 } : undefined
}

export function noEntry(path: string): PacklineError {
  return failed('NOT_FOUND', draftFailures.noEntry(JSON.stringify(path)))
}
