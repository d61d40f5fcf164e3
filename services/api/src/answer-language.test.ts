import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerLanguage } from './answer-language.ts'
import { serve, type TestServer } from './test/serve.ts'

let server: TestServer
beforeAll(async () => {
  const app = express()
  app.get('/', (request, response) => {
    response.json(answerLanguage(request, response))
  })
  server = await serve(app)
})
afterAll(() => server.close())

test.each([
  [undefined, 'en', 'en'],
  ['en', 'en', 'en'],
  ['zh', 'zh', 'zh-CN'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh', 'zh-CN'],
  ['zh-Hans-CN', 'zh', 'zh-CN'],
  ['en-GB,zh;q=0.5', 'en', 'en'],
  ['en;q=0.1,zh-TW;q=0.2', 'zh', 'zh-CN'],
  ['*', 'en', 'en'],
  ['fr', 'en', 'en'],
  ['zh;q=0', 'en', 'en'],
  [';;;', 'en', 'en'],
])('who sends Accept-Language %j is told in %s', async (accepted, language, tag) => {
  const headers: Record<string, string> =
    accepted === undefined ? {} : { 'accept-language': accepted }
  const answer = await fetch(server.url, { headers })
  expect(await answer.json()).toBe(language)
  expect(answer.headers.get('content-language')).toBe(tag)
  expect(answer.headers.get('vary')).toBe('Accept-Language')
})
