import { errorForLog } from '@packline/setup'
import { FAILURES, FAILURES_ZH, PacklineError } from '@packline/shared'
import express from 'express'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerProblem, noSuchPath, otherMethods } from './problem.ts'
import { serve, type TestServer } from './test/serve.ts'

let thrown: unknown
let server: TestServer
const lines: { level: number; msg: string; error?: { stack?: string } }[] = []

beforeAll(async () => {
  const serializers = { error: errorForLog }
  const logger = pino({ serializers }, { write: (line) => lines.push(JSON.parse(line)) })
  const app = express()
  app.use((_request, response, next) => {
    response.set('X-Request-Id', 'the-request')
    next()
  })
  app.get('/throws', () => {
    throw thrown
  })
  app.get('/begun', (_request, response) => {
    response.write('half')
    throw thrown
  })
  app.route('/one').get(noSuchPath).put(noSuchPath).all(otherMethods)
  app.post('/json', express.json({ limit: 10, inflate: false, type: () => true }))
  app.get('/named/:name', noSuchPath)
  const mounted = express.Router()
  mounted.route('/').get(noSuchPath).all(otherMethods)
  mounted.route('/:id/end').post(noSuchPath).all(otherMethods)
  app.use('/v1/things', mounted)
  app.use(noSuchPath)
  app.use(answerProblem(logger))
  server = await serve(app)
})
afterAll(() => server.close())

async function problem(path: string, init?: RequestInit) {
  const response = await fetch(`${server.url}${path}`, init)
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  return { response, body: await response.json() }
}

test('a failure is answered with everything the table knows of it', async () => {
  thrown = new PacklineError('UNKNOWN_VERSION', 'version is "1"', { at: 'version', hint: 'Two.' })
  const { response, body } = await problem('/throws')
  expect(response.status).toBe(400)
  expect(body).toEqual({
    type: 'urn:packline:failure:UNKNOWN_VERSION',
    title: FAILURES.UNKNOWN_VERSION.title,
    status: 400,
    code: 'UNKNOWN_VERSION',
    detail: 'version is "1"',
    hint: 'Two.',
    at: 'version',
    requestId: 'the-request',
  })
})

test('one without a hint of its own has that of its kind', async () => {
  thrown = new PacklineError('CONFLICT', 'It has ended')
  expect((await problem('/throws')).body).toMatchObject({ hint: FAILURES.CONFLICT.hint })
})

test('who reads Chinese has title and hint in Chinese, with what is known of this case behind', async () => {
  const headers = { 'accept-language': 'zh-CN,zh;q=0.9' }
  thrown = new PacklineError('CONFLICT', 'It has ended')
  const { response, body } = await problem('/throws', { headers })
  expect(body).toMatchObject({ ...FAILURES_ZH.CONFLICT, code: 'CONFLICT', detail: 'It has ended' })
  expect(response.headers.get('content-language')).toBe('zh-CN')
  expect(response.headers.get('vary')).toBe('Accept-Language')
  thrown = new PacklineError('CONFLICT', 'It has ended', { hint: 'Cancel b1 first.' })
  const own = await problem('/throws', { headers })
  expect(own.body).toMatchObject({ hint: `${FAILURES_ZH.CONFLICT.hint}（Cancel b1 first.）` })
  expect((await problem('/throws')).response.headers.get('content-language')).toBe('en')
})

test('what is away is 503, says when to come back, and is a warning in the log', async () => {
  thrown = new PacklineError('RECORDS_UNAVAILABLE', 'Redis did not answer', {
    cause: new Error('refused'),
  })
  lines.length = 0
  const { response } = await problem('/throws')
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('2')
  expect(lines).toMatchObject([{ level: 40, error: { cause: { message: 'refused' } } }])
})

test.each([
  'Redis did not answer: connect ECONNREFUSED 10.0.0.7:6379',
  'Redis did not answer: connect ECONNREFUSED [fd00::7]:6379',
  'Redis did not answer: getaddrinfo ENOTFOUND redis.inside:6379',
  'The object store at http://minio.inside:9000 (bucket b) did not answer: read ECONNRESET',
  "The store folder /var/lib/packline did not answer: EACCES: permission denied, mkdir '/var/lib'",
])('where what is away is stands in the log and not in the answer: %s', async (said) => {
  thrown = new PacklineError('STORE_UNAVAILABLE', said, { zh: { detail: said } })
  lines.length = 0
  const { title } = FAILURES.STORE_UNAVAILABLE
  expect((await problem('/throws')).body).toMatchObject({ title, detail: title })
  expect(lines).toMatchObject([{ error: { message: said } }])
  const headers = { 'accept-language': 'zh' }
  const inChinese = FAILURES_ZH.STORE_UNAVAILABLE.title
  expect((await problem('/throws', { headers })).body).toMatchObject({ detail: inChinese })
})

test('a mistake of ours is 500: its words are for the log, with its stack', async () => {
  thrown = new TypeError('secret inner words')
  lines.length = 0
  const { response, body } = await problem('/throws')
  expect(response.status).toBe(500)
  expect(JSON.stringify(body)).not.toContain('secret')
  expect(body).toMatchObject({ code: 'BUG', requestId: 'the-request' })
  expect(lines).toMatchObject([{ level: 50, error: { message: 'secret inner words' } }])
  expect(lines[0]?.error?.stack).toMatch(/problem\.test\.ts/)
})

test('an answer that has begun is cut', async () => {
  const whole = fetch(`${server.url}/begun`).then((response) => response.text())
  await expect(whole).rejects.toThrow()
})

test('an unknown path is 404, a known one with another method 405 with those it takes', async () => {
  expect((await problem('/two')).body).toMatchObject({ code: 'NOT_FOUND', status: 404 })
  const { response, body } = await problem('/one', { method: 'DELETE' })
  expect(body).toMatchObject({ code: 'METHOD_NOT_ALLOWED', status: 405 })
  expect(response.headers.get('allow')).toBe('GET, PUT')
})

test.each([
  ['/v1/things', '/v1/things'],
  ['/v1/things/', '/v1/things'],
  ['/v1/things?key=x', '/v1/things'],
  ['/v1/things/x/end?key=x', '/v1/things/x/end'],
])('of %s, in a router, 405 names the whole path', async (asked, named) => {
  const { body } = await problem(asked, { method: 'PATCH' })
  expect(body).toMatchObject({ detail: `${named} does not take PATCH` })
  const { body: inChinese } = await problem(asked, {
    method: 'PATCH',
    headers: { 'accept-language': 'zh' },
  })
  expect(inChinese).toMatchObject({ detail: `${named} 不支持 PATCH` })
})

test.each([
  ['{"a":', {}, 400, 'INVALID_REQUEST', /not JSON/],
  ['{"a":"0123456789"}', {}, 413, 'BODY_TOO_LARGE', /10 bytes/],
  ['x', { 'content-encoding': 'gzip' }, 400, 'INVALID_REQUEST', /gzip|encoding|content/],
  ['{}', { 'content-type': 'a/b; charset=x' }, 400, 'INVALID_REQUEST', /charset/],
])('the body %j is refused in our words', async (body, headers, status, code, detail) => {
  const answer = await problem('/json', { method: 'POST', body, headers })
  expect(answer.response.status).toBe(status)
  expect(answer.body).toMatchObject({ code, detail: expect.stringMatching(detail) })
})

test('a path that can not be decoded is a mistake of the caller', async () => {
  expect((await problem('/named/%E0%A4%A')).body).toMatchObject({ code: 'INVALID_REQUEST' })
})
