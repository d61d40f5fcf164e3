import { PacklineError } from '@packline/shared'
import express, { type Request, type Response } from 'express'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idempotencyOf, madeOnce, oncePerKey } from './idempotency.ts'
import { answerProblem } from './problem.ts'
import { serve, type TestServer } from './test/serve.ts'

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

describe('what a key was used for before', () => {
  const response = () => {
    const headers = new Map<string, string>()
    const set = (name: string, value: string) => headers.set(name, value)
    return { headers, response: { locals: { tenant: 'one' }, set } as unknown as Response }
  }

  test('is answered again, and nothing is worked on', async () => {
    const { headers, response: given } = response()
    const earlier = { ids: ['old'], replayed: true }
    const records = { checkIdempotency: async () => earlier }
    const never = () => Promise.reject(new Error('worked on'))
    expect(await madeOnce(asked('key'), given, {}, { records }, never)).toBe(earlier)
    expect([...headers]).toEqual([['Idempotency-Replayed', 'true']])
  })

  test('with another request is refused before anything is worked on', async () => {
    const refused = new PacklineError('IDEMPOTENCY_MISMATCH', 'another')
    const records = { checkIdempotency: () => Promise.reject(refused) }
    const never = () => Promise.reject(new Error('worked on'))
    const made = madeOnce(asked('key'), response().response, {}, { records }, never)
    await expect(made).rejects.toBe(refused)
  })

  test('and is not known is made, and kept with the key', async () => {
    const { headers, response: given } = response()
    const records = { checkIdempotency: async () => undefined }
    const keys: unknown[] = []
    const made = await madeOnce(asked('key'), given, {}, { records }, async (idempotency) => {
      keys.push(idempotency?.key)
      return { ids: ['new'], replayed: false }
    })
    expect([made.ids, keys, headers.size]).toEqual([['new'], ['key'], 0])
  })
})

describe('a key that is worked on', () => {
  const held = new Set<string>()
  const order: string[] = []
  let server: TestServer
  let go = () => {}

  beforeAll(async () => {
    const app = express()
    const holdIdempotency = async (_tenant: string, key: string) => {
      if (held.has(key)) throw new PacklineError('IDEMPOTENCY_IN_USE', 'It is worked on')
      held.add(key)
      return async () => {
        await new Promise(setImmediate)
        held.delete(key)
        order.push('let go')
      }
    }
    app.use(oncePerKey({ holdIdempotency }))
    app.post('/slow', (_request, response) => {
      go = () => response.json({ done: true })
    })
    app.all('/fast', (_request, response) => void response.json({}))
    app.post('/wrong', () => {
      throw new PacklineError('CONFLICT', 'no')
    })
    app.use(answerProblem(pino({ level: 'silent' })))
    server = await serve(app)
  })
  afterAll(() => server.close())

  const ask = (path: string, method = 'POST', key = 'one') =>
    fetch(server.url + path, { method, headers: { 'idempotency-key': key } })

  test('is held until just before the answer', async () => {
    const first = ask('/slow').then(async (response) => {
      order.push('answered')
      return response.json()
    })
    await expect.poll(() => held.size).toBe(1)
    expect((await ask('/fast')).status).toBe(409)
    expect((await ask('/fast', 'POST', 'two')).status).toBe(200)
    expect((await ask('/fast', 'GET')).status).toBe(200)
    order.length = 0
    go()
    expect(await first).toEqual({ done: true })
    expect(order).toEqual(['let go', 'answered'])
    expect((await ask('/fast')).status).toBe(200)
  })

  test('is let go where the request fails', async () => {
    expect((await ask('/wrong')).status).toBe(409)
    expect(held.size).toBe(0)
  })

  test('stays held where the caller has gone, until the work is done', async () => {
    const leaving = new AbortController()
    const headers = { 'idempotency-key': 'left' }
    const left = fetch(`${server.url}/slow`, { method: 'POST', headers, signal: leaving.signal })
    await expect.poll(() => held.has('left')).toBe(true)
    leaving.abort()
    await expect(left).rejects.toThrow()
    expect((await ask('/fast', 'POST', 'left')).status).toBe(409)
    go()
    await expect.poll(() => held.has('left')).toBe(false)
  })
})
