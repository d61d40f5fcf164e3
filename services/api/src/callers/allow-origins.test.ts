import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve, type TestServer } from '../test/serve.ts'
import { allowOrigins } from './allow-origins.ts'

const OURS = 'https://console.example'
const OTHERS = ['https://console.example.evil', 'http://console.example', 'null', 'https://other']

let server: TestServer
beforeAll(async () => {
  const app = express()
  app.use('/open', allowOrigins([OURS]))
  app.use('/closed', allowOrigins([]))
  app.use((_request, response) => void response.status(401).json({}))
  server = await serve(app)
})
afterAll(() => server.close())

async function ask(path: string, origin: string, method = 'GET') {
  const preflight = { 'access-control-request-method': 'PUT' }
  const headers = { origin, ...(method === 'OPTIONS' ? preflight : {}) }
  const response = await fetch(`${server.url}${path}`, { method, headers })
  const allowed = response.headers.get('access-control-allow-origin')
  return { status: response.status, allowed, headers: response.headers }
}

describe('pages of an origin that was named', () => {
  test('may ask, and read what an answer says beside its body', async () => {
    const { allowed, headers } = await ask('/open', OURS)
    expect(allowed).toBe(OURS)
    expect(headers.get('vary')).toContain('Origin')
    const read = headers.get('access-control-expose-headers')?.split(', ')
    expect(read).toEqual(expect.arrayContaining(['Location', 'Retry-After', 'X-Request-Id']))
    expect(headers.get('access-control-allow-credentials')).toBeNull()
  })

  test('are told what they may send before they have a key to send', async () => {
    const { status, allowed, headers } = await ask('/open', OURS, 'OPTIONS')
    expect([status, allowed]).toEqual([204, OURS])
    expect(headers.get('access-control-allow-methods')).toContain('PUT')
    expect(headers.get('access-control-allow-headers')).toContain('Authorization')
  })
})

test.each(OTHERS)('a page of %s may not ask, nor is its browser told that it may', async (one) => {
  for (const method of ['GET', 'OPTIONS']) {
    const { status, allowed, headers } = await ask('/open', one, method)
    expect([status, allowed]).toEqual([401, null])
    expect(headers.get('access-control-allow-methods')).toBeNull()
    // A cache must not give its answer to a page that may.
    expect(headers.get('vary')).toContain('Origin')
  }
})

test('where nothing was named no page may', async () => {
  for (const origin of [OURS, ...OTHERS]) {
    for (const method of ['GET', 'OPTIONS']) {
      expect(await ask('/closed', origin, method)).toMatchObject({ status: 401, allowed: null })
    }
  }
})
