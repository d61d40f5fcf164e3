import type { Draft } from '@packline/records'
import { type DraftEntry, failed, type Words } from '@packline/shared'
import type { Request } from 'express'
import { preconditionFailures } from '../texts/drafts.ts'
import { requestFailures } from '../texts/requests.ts'

/** On what a change was made: ETags, "*" for whatever is there, or that there is nothing yet. */
export interface Precondition {
  match?: readonly string[]
  isNew: boolean
}

export function draftTag(version: number): string {
  return `"draft-${version}"`
}

/** Of a file: its content, and whether it may be run. Links and folders have the draft's only. */
export function entryTag({ sha256, executable }: DraftEntry): string | undefined {
  return sha256 && `"${sha256}${executable ? '-x' : ''}"`
}

/** `If-Match` and `If-None-Match: *`. Throws INVALID_REQUEST for what is neither ETag nor "*". */
export function preconditionOf(request: Request): Precondition {
  const isNew = request.get('if-none-match')?.trim() === '*'
  const given = request.get('if-match')
  if (given === undefined) return { isNew }
  const match = given.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (match.every((tag) => tag === '*' || /^"[^"]*"$/.test(tag))) return { match, isNew }
  throw failed('INVALID_REQUEST', requestFailures.ifMatch(given), { at: 'If-Match' })
}

/**
 * Holds a change against what is there now: `entry` where one stands at its path already. Throws
 * PRECONDITION_FAILED with the current version, or PRECONDITION_REQUIRED for a change of something
 * that does not say what it was made on.
 */
export function checkPrecondition(
  { match, isNew }: Precondition,
  draft: Pick<Draft, 'version'>,
  path: string,
  entry: DraftEntry | undefined,
): void {
  const etag = entry && entryTag(entry)
  const current = { version: draft.version, etag }
  const refuse = (code: 'PRECONDITION_FAILED' | 'PRECONDITION_REQUIRED', what: Words) => {
    throw failed(code, preconditionFailures.at(path, what), { at: path, current })
  }
  const { isThere, changed, gone, unnamed } = preconditionFailures
  if (isNew && entry) refuse('PRECONDITION_FAILED', isThere)
  if (match) {
    const known = entry ? ['*', etag, draftTag(draft.version)] : [draftTag(draft.version)]
    if (match.some((tag) => known.includes(tag))) return
    refuse('PRECONDITION_FAILED', entry ? changed : gone)
  }
  if (entry) refuse('PRECONDITION_REQUIRED', unnamed)
}

/** The same for the draft as a whole; one without files may be written without a word. */
export function checkDraft(
  { match }: Precondition,
  { version, entries, archive }: Omit<Draft, 'runtime'>,
): void {
  const current = { version, etag: draftTag(version) }
  if (match) {
    if (match.includes('*') || match.includes(current.etag)) return
    throw failed('PRECONDITION_FAILED', preconditionFailures.otherVersion(version), { current })
  }
  if (entries.size === 0 && !archive) return
  throw failed('PRECONDITION_REQUIRED', preconditionFailures.draftUnnamed(), { current })
}
