import express from 'express'
import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { authenticate, keyRing } from './authenticate.ts'
import { answerProblem } from './problem.ts'
import { serve } from './test/serve.ts'

const ring = keyRing(
  new Map([
    ['first-key-of-one', 'one'],
    ['second-key-of-one', 'one'],
    ['key-of-another-one', 'other'],
  ]),
)

describe('a key ring', () => {
  test('knows the tenant of each key, and none of any other text', () => {
    expect(ring('first-key-of-one')).toBe('one')
    expect(ring('second-key-of-one')).toBe('one')
    expect(ring('key-of-another-one')).toBe('other')
    for (const wrong of ['', 'one', 'first-key-of-on', 'first-key-of-onee', '\u0000']) {
      expect(ring(wrong)).toBeUndefined()
    }
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
  ])('refuses %s', async (_what, authorization) => {
    const response = await ask('/v1', authorization)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toMatchObject({ code: 'NOT_AUTHENTICATED' })
  })

  test('takes the key as the password of a browser only where that is allowed', async () => {
    expect(await (await ask('/board', basic('any:first-key-of-one'))).text()).toBe('one')
    expect(await (await ask('/board', basic('first-key-of-one'))).text()).toBe('one')
    const refused = await ask('/board', basic('first-key-of-one:wrong'))
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Basic realm="Packline"')
  })
})
