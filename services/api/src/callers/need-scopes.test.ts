import { SCOPES, type Scope } from '@packline/shared'
import express, { type RequestHandler } from 'express'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scopeOf } from '../descriptions/description.ts'
import { DESCRIPTIONS, openApi } from '../openapi.ts'
import { answerProblem } from '../problem.ts'
import { serve, type TestServer } from '../test/serve.ts'
import { forOperators, needScopes } from './need-scopes.ts'

let server: TestServer
beforeAll(async () => {
  const app = express()
  app.use(calledBy)
  app.use('/v1', needScopes(DESCRIPTIONS))
  app.use('/board', forOperators)
  app.use((_request, response) => void response.json({}))
  app.use(answerProblem(pino({ level: 'silent' })))
  server = await serve(app)
})
afterAll(() => server.close())

const calledBy: RequestHandler = (request, response, next) => {
  const scope = (request.get('x-scope') ?? 'admin') as Scope
  const kind = request.get('x-operator') === 'yes' ? 'operator' : 'environment'
  response.locals.caller = { id: 'k', tenant: 't', name: 'n', scope, kind }
  next()
}

async function ask(method: string, path: string, headers: Record<string, string>) {
  const response = await fetch(`${server.url}${path}`, { method, headers })
  const text = await response.text()
  return { status: response.status, ...(text === '' ? {} : JSON.parse(text)) }
}

const closed = DESCRIPTIONS.flatMap((description) => {
  const [method, path] = description
  const needed = scopeOf(description)
  if (needed === undefined) return []
  const asked = path.replace('{path}', 'a/b.js').replace(/\{\w+\}/g, 'x')
  return [{ name: `${method} ${path}`, method: method.toUpperCase(), path, asked, needed }]
})

describe.each(closed)('$name', ({ method, path, asked, needed }) => {
  test(`needs the scope ${needed}, and says so where a key has less`, async () => {
    for (const scope of SCOPES) {
      const isEnough = SCOPES.indexOf(scope) >= SCOPES.indexOf(needed)
      const { status, code, detail } = await ask(method, asked, { 'x-scope': scope })
      expect([scope, status, code]).toEqual(
        isEnough ? [scope, 200, undefined] : [scope, 403, 'SCOPE_MISSING'],
      )
      if (!isEnough) expect(detail).toContain(`"${needed}"`)
    }
  })

  test('is described with it', () => {
    const { paths } = openApi() as { paths: Record<string, Record<string, object>> }
    expect(paths[path]?.[method.toLowerCase()]).toMatchObject({
      security: [{ key: [needed] }],
      description: expect.stringContaining(`scope \`${needed}\``),
    })
  })
})

test.each([
  ['GET', '/v1/KEYS'],
  ['GET', '/v1/keys/'],
  ['HEAD', '/v1/keys'],
  ['GET', '/v1/keys?limit=1'],
  ['GET', '/v1/%6beys'],
  ['DELETE', '/v1/keys/a%2Fb'],
  ['PATCH', '/v1/hooks/h1/'],
  ['PUT', '/V1/credentials/git'],
])('%s %s in other letters needs no less', async (method, asked) => {
  // What Express takes for another path answers nothing of this one.
  const isOther = asked.includes('%6b')
  const { status } = await ask(method, asked, { 'x-scope': 'build' })
  expect(status).toBe(isOther ? 200 : 403)
})

test('what is not described needs what its method says', async () => {
  expect((await ask('GET', '/v1/nothing', { 'x-scope': 'read' })).status).toBe(200)
  expect((await ask('POST', '/v1/nothing', { 'x-scope': 'read' })).status).toBe(403)
})

test("what shows all tenants is for the operator's key, whatever the scope", async () => {
  expect((await ask('GET', '/board', { 'x-operator': 'yes' })).status).toBe(200)
  const refused = await ask('GET', '/board', { 'x-scope': 'admin' })
  expect(refused).toMatchObject({ status: 403, code: 'SCOPE_MISSING' })
})
