import { PacklineError } from '@packline/shared'
import type { Request } from 'express'
import { describe, expect, test } from 'vitest'
import { inOurWords } from './in-our-words.ts'

const asked = (changes: Partial<Request> = {}) => ({ destroyed: false, ...changes }) as Request
const thrown = (message: string, more: object) => Object.assign(new Error(message), more)

describe('what others throw about a request', () => {
  test.each([
    [thrown('no room', { code: 'ENOSPC' }), 'DISK_FULL'],
    [thrown('no room', { code: 'EDQUOT' }), 'DISK_FULL'],
    [thrown('large', { type: 'entity.too.large', limit: 7 }), 'BODY_TOO_LARGE'],
    [thrown('x, "a is not valid JSON', { type: 'entity.parse.failed' }), 'INVALID_REQUEST'],
    [thrown('gzip', { type: 'encoding.unsupported' }), 'INVALID_REQUEST'],
    [thrown('Failed to decode', { status: 400 }), 'INVALID_REQUEST'],
  ])('(%s) is %s', (error, code) => {
    expect(inOurWords(error, asked())).toMatchObject({ code, cause: error })
  })

  test('is what it was where it is ours, or nothing that a caller could mend', () => {
    const ours = new PacklineError('CONFLICT', 'no')
    expect(inOurWords(ours, asked())).toBe(ours)
    for (const error of [new Error('x'), thrown('x', { status: 500 }), 'text']) {
      expect(inOurWords(error, asked())).toBe(error)
    }
  })

  test('of a body whose sender has gone is no mistake of ours', () => {
    const cut = thrown('aborted', { code: 'ECONNRESET' })
    expect(inOurWords(cut, asked({ destroyed: true }))).toMatchObject({ code: 'INVALID_REQUEST' })
    expect(inOurWords(cut, asked())).toBe(cut)
  })

  test('never repeats the body, which may hold a secret', () => {
    const said = 'Unexpected token, ..."canary" is not valid JSON'
    const error = thrown(said, { type: 'entity.parse.failed' })
    expect((inOurWords(error, asked()) as Error).message).toBe(
      'The body is not JSON: Unexpected token',
    )
  })
})
