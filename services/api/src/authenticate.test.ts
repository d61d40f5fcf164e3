import type { KnownKey } from '@packline/records'
import express from 'express'
import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { authenticate, keyRing, withOperator } from './authenticate.ts'
import { answerProblem } from './problem.ts'
import { serve } from './test/serve.ts'

const one = { id: 'pkl_1', tenant: 'made', name: 'ci', scope: 'read' } as const
const at = (ms: number) => new Date(Date.now() + ms).toISOString()
const MADE: Record<string, KnownKey> = {
  'made-key': one,
  'made-to-last': { ...one, expiresAt: at(60_000) },
  'made-before': { ...one, expiresAt: at(-1) },
}

const ring = keyRing(
  new Map([
    ['first-key-of-one', 'one'],
    ['second-key-of-one', 'one'],
    ['key-of-another-one', 'other'],
  ]),
  { find: async (text) => MADE[text] },
)

describe('a key ring', () => {
  test('knows the tenant of each key, and none of any other text', async () => {
    const tenant = async (key: string) => (await ring(key))?.tenant
    expect(await tenant('first-key-of-one')).toBe('one')
    expect(await tenant('second-key-of-one')).toBe('one')
    expect(await tenant('key-of-another-one')).toBe('other')
    for (const wrong of ['', 'one', 'first-key-of-on', 'first-key-of-onee', '\u0000']) {
      expect(await ring(wrong)).toBeUndefined()
    }
  })

  test('says that a key is one of the environment, and tells two of them apart', async () => {
    const first = await ring('first-key-of-one')
    expect(first).toMatchObject({
      scope: 'admin',
      kind: 'environment',
      id: expect.stringMatching(/^env_[0-9a-f]{8}$/),
    })
    expect(first?.id).not.toBe((await ring('second-key-of-one'))?.id)
  })

  test('knows keys that were made', async () => {
    expect(await ring('made-key')).toEqual({ ...one, kind: 'made' })
  })

  test("knows the operator's key only where it is asked to, and with it all others", async () => {
    const known = withOperator(ring, 'key-of-the-operator')
    expect(await ring('key-of-the-operator')).toBeUndefined()
    expect(await known('key-of-the-operator')).toMatchObject({ kind: 'operator', tenant: '' })
    expect(await known('key-of-the-operato')).toBeUndefined()
    expect(await known('made-key')).toMatchObject({ kind: 'made', tenant: 'made' })
    expect(await known('first-key-of-one')).toMatchObject({ kind: 'environment' })
    expect(withOperator(ring, undefined)).toBe(ring)
  })
})

describe('a path behind a key', async () => {
  const app = express()
  app.use('/v1', authenticate(ring))
  app.use('/board', authenticate(ring, { basic: true }))
  app.use((_request, response) => {
    response.send(response.locals.tenant)
  })
  app.use(answerProblem(pino({ level: 'silent' })))
  const server = await serve(app)
  afterAll(() => server.close())
  const ask = (path: string, authorization?: string) =>
    fetch(`${server.url}${path}`, { headers: authorization ? { authorization } : {} })
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  test('is answered to who sends one, whatever the case of the scheme', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      expect(await (await ask('/v1', `${scheme} key-of-another-one`)).text()).toBe('other')
    }
  })

  test.each([
    ['no key', undefined],
    ['a wrong key', 'Bearer wrong'],
    ['an empty key', 'Bearer '],
    ['two keys', 'Bearer first-key-of-one key-of-another-one'],
    ['a password', basic('any:first-key-of-one')],
    ['a key that has expired', 'Bearer made-before'],
  ])('refuses %s', async (_what, authorization) => {
    const response = await ask('/v1', authorization)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toMatchObject({ code: 'NOT_AUTHENTICATED' })
  })

  test('takes a key until it expires, and says then when that was', async () => {
    expect(await (await ask('/v1', 'Bearer made-to-last')).text()).toBe('made')
    const problem = await (await ask('/v1', 'Bearer made-before')).json()
    expect(problem).toMatchObject({
      detail: `The key expired at ${MADE['made-before']?.expiresAt}`,
    })
  })

  test('takes the key as the password of a browser only where that is allowed', async () => {
    expect(await (await ask('/board', basic('any:first-key-of-one'))).text()).toBe('one')
    expect(await (await ask('/board', basic('first-key-of-one'))).text()).toBe('one')
    const refused = await ask('/board', basic('first-key-of-one:wrong'))
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Basic realm="Packline"')
  })
})
