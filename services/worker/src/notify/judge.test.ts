import { PacklineError } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { judgeAnswer, judgeError } from './judge.ts'

const NOW = Date.parse('2026-11-26T09:00:00Z')
const heard = (status: number, retryAfter?: string) => ({ status, retryAfter })

describe('an answer to a callback', () => {
  test.each([200, 201, 202, 204, 299])('of %d: it was heard', (status) => {
    expect(judgeAnswer('callback', heard(status), 1)).toEqual({ state: 'delivered', status })
  })

  test('of 410 ends it, for the receiver wants no more', () => {
    expect(judgeAnswer('callback', heard(410), 1)).toEqual({
      state: 'failed',
      status: 410,
      error: 'The answer was 410: the receiver wants no more',
    })
  })

  test.each([301, 307, 400, 401, 404, 422, 429, 500, 503])(
    'of %d is followed by another',
    (status) => {
      const outcome = judgeAnswer('callback', heard(status), 1)
      expect(outcome).toMatchObject({ state: 'pending', status, error: `The answer was ${status}` })
    },
  )

  test.each([
    ['seconds', '120', 120_000],
    ['a date', 'Thu, 26 Nov 2026 09:05:00 GMT', 300_000],
    ['a date that has passed', 'Thu, 26 Nov 2026 08:00:00 GMT', 5000],
    ['nothing that can be read', 'soon', 5000],
  ])('of 429 and 503 may name %s', (_what, retryAfter, expected) => {
    for (const status of [429, 503]) {
      const outcome = judgeAnswer('callback', heard(status, retryAfter), 1, NOW)
      const { delayMs } = outcome as { delayMs: number }
      expect(delayMs / expected).toBeGreaterThan(0.89)
      expect(delayMs / expected).toBeLessThan(1.11)
    }
  })

  test('of 500 may not', () => {
    const outcome = judgeAnswer('callback', heard(500, '3600'), 1, NOW) as { delayMs: number }
    expect(outcome.delayMs).toBeLessThan(6000)
  })

  test('that was the last one ends it', () => {
    expect(judgeAnswer('callback', heard(500), 11)).toMatchObject({ state: 'failed', status: 500 })
  })
})

describe('an answer to a commit status', () => {
  test.each([
    [400, /does not take this state/],
    [401, /token is not valid/],
    [404, /no such repository/],
    [422, /does not know the commit/],
  ])('of %d ends it and says why', (status, why) => {
    const outcome = judgeAnswer('commit-status', heard(status), 1)
    expect(outcome).toMatchObject({ state: 'failed', status, error: expect.stringMatching(why) })
  })

  test('of 403 is tried again, as it may be a limit, and waits as long as it says', () => {
    const outcome = judgeAnswer('commit-status', heard(403, '60'), 1, NOW)
    expect(outcome).toMatchObject({ state: 'pending', delayMs: 60_000 })
  })

  test('keeps what the other side calls it', () => {
    const outcome = judgeAnswer('commit-status', { ...heard(201), reference: '5' }, 1)
    expect(outcome).toEqual({ state: 'delivered', status: 201, reference: '5' })
  })
})

describe('no answer', () => {
  test('is followed by another attempt', () => {
    const error = new PacklineError('SOURCE_UNREACHABLE', 'ECONNREFUSED')
    expect(judgeError(error, 1)).toMatchObject({ state: 'pending', error: 'ECONNREFUSED' })
  })

  test('since the address may not be reached, or the secret is gone, ends it', () => {
    for (const code of ['SOURCE_NOT_ALLOWED', 'NOT_FOUND'] as const) {
      const outcome = judgeError(new PacklineError(code, 'no'), 1)
      expect(outcome).toEqual({ state: 'failed', error: 'no' })
    }
  })

  test('because of a mistake of ours keeps its text to the log', () => {
    const outcome = judgeError(new TypeError('at 10.0.0.1'), 1)
    expect(JSON.stringify(outcome)).not.toContain('10.0.0.1')
    expect(outcome.state).toBe('pending')
  })
})
