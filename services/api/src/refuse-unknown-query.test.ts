import type { PacklineError } from '@packline/shared'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DESCRIPTIONS } from './openapi.ts'
import { refuseUnknownQuery } from './refuse-unknown-query.ts'
import { serve, type TestServer } from './test/serve.ts'

let server: TestServer
beforeAll(async () => {
  const app = express().set('query parser', 'simple')
  app.use('/v1', refuseUnknownQuery(DESCRIPTIONS))
  app.use((_request, response) => {
    response.send('taken')
  })
  const told: express.ErrorRequestHandler = (error: PacklineError, _request, response, _next) => {
    response.send(error.message)
  }
  app.use(told)
  server = await serve(app)
})
afterAll(() => server.close())

const ask = async (path: string, method = 'GET') =>
  (await fetch(server.url + path, { method })).text()

test.each([
  ['/v1/credentials?limit=5', 'limit'],
  ['/v1/hooks/x/deliveries?limit=5', 'limit'],
  ['/v1/builds?states=failed', 'states'],
  ['/v1/builds/x?verbose=1', 'verbose'],
  ['/V1/Builds/?states=failed', 'states'],
  ['/v1/functions/x/files/a/b.js?raw=1', 'raw'],
  ['/v1/functions/x/packages/diff?from=1&to=2&limit=3', 'limit'],
])('%s is refused by the name', async (path, name) => {
  expect(await ask(path)).toBe(`the query: there is no "${name}" here`)
})

test.each([
  '/v1/builds?state=failed&label=a:b',
  '/v1/builds/x/events?after=3',
  '/v1/functions/x/packages/diff?from=1&to=2',
  '/v1/functions/x/packages?limit=3',
  '/v1/runtimes?',
  '/v1/nowhere?whatever=1',
  '/hooks/x?whatever=1',
])('%s is let through', async (path) => {
  expect(await ask(path)).toBe('taken')
})

test('a name belongs to its method: what writes a file says what it is', async () => {
  const path = '/v1/functions/x/files/a.js?kind=folder'
  expect(await ask(path, 'PUT')).toBe('taken')
  expect(await ask(path)).toBe('the query: there is no "kind" here')
})
