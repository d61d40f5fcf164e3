import { loadProfile } from '@packline/profiles'
import type { Problem, RefusedBuild, TakenBatch } from '@packline/shared'
import express from 'express'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectFailureInBothLanguages } from '../../../test/harness/in-both-languages.ts'
import { authenticate, keyRing } from './authenticate.ts'
import { preconditionOf } from './draft/etag.ts'
import { oncePerKey } from './idempotency.ts'
import { answerProblem, noSuchPath, otherMethods } from './problem.ts'
import { answerBatch } from './routes/answer-batch.ts'
import { templateRoutes } from './routes/templates.ts'
import { resumeAfter } from './sse.ts'
import { serve, type TestServer } from './test/serve.ts'

const KEY = 'a-key-of-a-tenant'
const LIMIT = 10
const REFUSED: RefusedBuild = {
  index: 0,
  code: 'UPLOAD_NOT_FOUND',
  detail: 'builds[0]: There is no upload a1',
  hint: 'Upload it.',
  zh: { detail: 'builds[0]：没有上传文件 a1', hint: '请上传。' },
}

const made = { find: async () => undefined }

let server: TestServer

beforeAll(async () => {
  const profile = await loadProfile('ctyun-functiongraph')
  const app = express()
  app.use('/templates', templateRoutes({ profile }))
  app.get('/events', (request) => void resumeAfter(request))
  app.put('/file', (request) => void preconditionOf(request))
  app.post('/json', express.json({ limit: LIMIT, type: () => true }))
  app.post('/once', oncePerKey({ holdIdempotency: async () => async () => undefined }))
  app.get('/mine', authenticate(keyRing(new Map([[KEY, 'tenant']]), made)))
  app.get('/batch', (_request, response) => {
    const answer = { places: [], refused: [REFUSED] }
    answerBatch(response, { ids: [], batch: 'g1', answer, replayed: false })
  })
  app.route('/one').get(noSuchPath).all(otherMethods)
  app.use(noSuchPath)
  app.use(answerProblem(pino({ level: 'silent' })))
  server = await serve(app)
})
afterAll(() => server.close())

async function refusal(path: string, { headers, ...init }: RequestInit, language: string) {
  const sent = { ...headers, 'accept-language': language }
  const response = await fetch(`${server.url}${path}`, { ...init, headers: sent })
  return (await response.json()) as Problem
}

test.each<[string, string, RequestInit]>([
  ['NOT_FOUND', '/nowhere/a_1', {}],
  ['NOT_FOUND', '/templates/python/package?type=http', {}],
  ['METHOD_NOT_ALLOWED', '/one', { method: 'DELETE' }],
  ['NOT_AUTHENTICATED', '/mine', {}],
  ['NOT_AUTHENTICATED', '/mine', { headers: { authorization: 'Bearer another' } }],
  ['INVALID_REQUEST', '/events', { headers: { 'last-event-id': 'x1' } }],
  ['INVALID_REQUEST', '/file', { method: 'PUT', headers: { 'if-match': 'draft-3' } }],
  ['INVALID_REQUEST', '/once', { method: 'POST', headers: { 'idempotency-key': 'a b' } }],
  ['INVALID_REQUEST', '/json', { method: 'POST', body: '{"a":' }],
  ['BODY_TOO_LARGE', '/json', { method: 'POST', body: '{"a":"0123456789"}' }],
])('%s at %s has detail and hint in Chinese, with every name and number', async (...row) => {
  const [code, path, init] = row
  const en = await refusal(path, init, 'en')
  const zh = await refusal(path, init, 'zh-CN,zh;q=0.9')
  expect([en.code, zh.code]).toEqual([code, code])
  expectFailureInBothLanguages({
    detail: { en: en.detail, zh: zh.detail },
    hint: { en: en.hint ?? '', zh: zh.hint ?? '' },
  })
  expect(zh.detail).toMatch(/\p{Script=Han}/u)
})

test('the builds that a batch leaves out are told of in Chinese', async () => {
  const refusedIn = async (language: string) => {
    const headers = { 'accept-language': language }
    const response = await fetch(`${server.url}/batch`, { headers })
    const { refused } = (await response.json()) as TakenBatch
    return refused
  }
  expect(await refusedIn('en')).toEqual([REFUSED])
  expect(await refusedIn('zh')).toEqual([{ ...REFUSED, ...REFUSED.zh }])
})
