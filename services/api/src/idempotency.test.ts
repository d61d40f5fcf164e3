import type { Request } from 'express'
import { describe, expect, test } from 'vitest'
import { idempotencyOf } from './idempotency.ts'

/** The parts of a request that count. */
function asked(key: string | undefined, path = '/', method = 'POST'): Request {
  const parts = { method, baseUrl: '/v1/builds', path, get: () => key }
  return parts as unknown as Request
}

describe('an Idempotency-Key', () => {
  test('is not needed', () => {
    expect(idempotencyOf(asked(undefined), {})).toBeUndefined()
  })

  test('goes with a fingerprint of path and body', () => {
    const fingerprint = (path: string, body: unknown) =>
      idempotencyOf(asked('key', path), body)?.fingerprint
    expect(fingerprint('/', { a: 1 })).toBe(fingerprint('/', { a: 1 }))
    expect(fingerprint('/', { a: 1 })).not.toBe(fingerprint('/', { a: 2 }))
    expect(fingerprint('/1/retry', undefined)).not.toBe(fingerprint('/2/retry', undefined))
  })

  test.each(['', 'with space', 'ü', 'x'.repeat(256)])('"%s" is refused', (key) => {
    expect(() => idempotencyOf(asked(key), {})).toThrow(/1 to 255 visible ASCII/)
  })
})
