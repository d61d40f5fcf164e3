import type { DraftEntry } from '@packline/shared'
import type { Request } from 'express'
import { describe, expect, test } from 'vitest'
import { checkDraft, checkPrecondition, draftTag, entryTag, preconditionOf } from './etag.ts'

const ENTRY: DraftEntry = { kind: 'file', size: 1, sha256: 'aa' }
const draft = { version: 7, entries: new Map([['a.js', ENTRY]]) }

function asked(headers: Record<string, string>) {
  return preconditionOf({ get: (name: string) => headers[name] } as Request)
}

const check = (headers: Record<string, string>, entry: DraftEntry | undefined = ENTRY) =>
  checkPrecondition(asked(headers), draft, 'a.js', entry)
const FAILED = { code: 'PRECONDITION_FAILED', current: { version: 7, etag: '"aa"' } }

describe('a change of one entry', () => {
  test.each(['"aa"', '"draft-7"', '*', '"old", "aa"', 'W/"aa"'])('on %s is let through', (tag) => {
    expect(() => check({ 'if-match': tag })).not.toThrow()
  })

  test.each(['"old"', '"draft-6"', '"aa-x"'])('on %s tells what is there now', (tag) => {
    expect(() => check({ 'if-match': tag })).toThrow(expect.objectContaining(FAILED))
  })

  test('that says nothing is refused, but for a new one', () => {
    const required = { ...FAILED, code: 'PRECONDITION_REQUIRED' }
    expect(() => check({})).toThrow(expect.objectContaining(required))
    expect(() => checkPrecondition(asked({}), draft, 'b.js', undefined)).not.toThrow()
  })

  test('to be new, or of what is gone, is held to that', () => {
    expect(() => check({ 'if-none-match': '*' })).toThrow(expect.objectContaining(FAILED))
    const gone = { code: 'PRECONDITION_FAILED', current: { version: 7, etag: undefined } }
    const onNothing = (tag: string) =>
      checkPrecondition(asked({ 'if-match': tag }), draft, 'b.js', undefined)
    expect(() => onNothing('*')).toThrow(expect.objectContaining(gone))
    expect(() => onNothing('"aa"')).toThrow(expect.objectContaining(gone))
    expect(() => onNothing('"draft-7"')).not.toThrow()
  })

  test('with what is no ETag is a mistake', () => {
    expect(() => asked({ 'if-match': 'aa' })).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST', at: 'If-Match' }),
    )
  })
})

test('a change of the whole draft is made on its version, or on nothing', () => {
  const empty = { version: 7, entries: new Map() }
  expect(() => checkDraft(asked({}), empty)).not.toThrow()
  expect(() => checkDraft(asked({ 'if-match': '"draft-7"' }), draft)).not.toThrow()
  const current = { version: 7, etag: draftTag(7) }
  expect(() => checkDraft(asked({}), draft)).toThrow(
    expect.objectContaining({ code: 'PRECONDITION_REQUIRED', current }),
  )
  expect(() => checkDraft(asked({ 'if-match': '"draft-6"' }), empty)).toThrow(
    expect.objectContaining({ code: 'PRECONDITION_FAILED', current }),
  )
})

test('an ETag of a file changes with content and mode, and links and folders have none', () => {
  expect(entryTag(ENTRY)).toBe('"aa"')
  expect(entryTag({ ...ENTRY, executable: true })).toBe('"aa-x"')
  expect(entryTag({ kind: 'folder', size: 0 })).toBeUndefined()
})
