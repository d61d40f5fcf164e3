import { FAILURES, type FailureCode, type Problem } from '@packline/shared'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { craftZip } from '../../packages/archive/src/test/craft-zip.ts'
import { leftBehind } from '../harness/left-behind.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine({ workers: 0 })
})
afterAll(() => line.stop())
afterEach(async () => {
  expect(await leftBehind(line)).toEqual([])
})

const hello = {
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'exports.handler = () => 1\n' } },
}

async function post(path: string, body: unknown, init: RequestInit = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return problemOf(await line.fetch(path, { method: 'POST', body: text, ...init }))
}

async function upload(bytes: Uint8Array<ArrayBuffer>) {
  return problemOf(await line.fetch('/v1/uploads', { method: 'POST', body: bytes }))
}

/** Every refusal has a code whose status, title and blame fit, and a text and a hint to go by. */
async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const problem = (await response.json()) as Problem
  const kind = FAILURES[problem.code]
  expect(problem).toMatchObject({
    status: response.status,
    title: kind.title,
    type: `urn:packline:failure:${problem.code}`,
    requestId: response.headers.get('x-request-id'),
  })
  expect(kind.blame).toBe('caller')
  expect(problem.detail).not.toBe('')
  expect(problem.hint).toBeTruthy()
  return problem
}

describe('a request', () => {
  test.each<[string, unknown, number, FailureCode, RegExp, string?]>([
    ['is not JSON', '{"function": hello}', 400, 'INVALID_REQUEST', /not JSON.*token/],
    ['is empty', '', 400, 'INVALID_REQUEST', /expected string; found nothing/, 'function'],
    ['is no object', '[1]', 400, 'INVALID_REQUEST', /expected object; found a list of 1/],
    ['is a bare text', '"hello"', 400, 'INVALID_REQUEST', /not JSON/],
    [
      'has an unknown runtime',
      { ...hello, runtime: 'ruby' },
      400,
      'UNKNOWN_RUNTIME',
      /"nodejs", "python", "java", "go", "custom"; found "ruby"/,
      'runtime',
    ],
    [
      'has a runtime that is no text',
      { ...hello, runtime: 7 },
      400,
      'INVALID_REQUEST',
      /found 7/,
      'runtime',
    ],
    [
      'has an unknown version',
      { ...hello, version: '21' },
      400,
      'UNKNOWN_VERSION',
      /"21".* 20\.15/,
      'version',
    ],
    [
      'has a version in words',
      { ...hello, version: 'latest' },
      400,
      'UNKNOWN_VERSION',
      /"latest".* 20\.15/,
      'version',
    ],
    [
      'has a handler of the wrong form',
      { ...hello, handler: 'index' },
      400,
      'HANDLER_FORM',
      /"index"; expected file\.function/,
      'handler',
    ],
    [
      'has a handler that is too long',
      { ...hello, handler: `index.${'h'.repeat(200)}` },
      400,
      'HANDLER_FORM',
      /206 characters; expected 3 to 128/,
      'handler',
    ],
    [
      'has no handler',
      { ...hello, handler: undefined },
      400,
      'HANDLER_FORM',
      /missing.*index\.handler/,
      'handler',
    ],
    [
      'has a Java handler for Python',
      { ...hello, runtime: 'python', handler: 'com.example.Hello.handle' },
      400,
      'HANDLER_FORM',
      /"com\.example\.Hello\.handle"; expected file\.function/,
      'handler',
    ],
    [
      'has an unknown field',
      { ...hello, handlr: 'x' },
      400,
      'INVALID_REQUEST',
      /there is no "handlr" here/,
    ],
    [
      'has an unknown kind of source',
      { ...hello, source: { kind: 'ftp' } },
      400,
      'INVALID_REQUEST',
      /expected "inline", .*"git".*; found "ftp"/,
      'source.kind',
    ],
    [
      'names a ref of git that nothing can have',
      { ...hello, source: { kind: 'git', url: 'https://h/x', ref: '-x' } },
      400,
      'INVALID_REQUEST',
      /name of a branch or tag.*found "-x"/,
      'source.ref',
    ],
    [
      'has a file that leaves the source',
      { ...hello, source: { kind: 'inline', files: { '../x.js': '' } } },
      400,
      'INVALID_REQUEST',
      /relative path/,
      'source.files.../x.js',
    ],
    [
      'names an upload that is not there',
      { ...hello, source: { kind: 'upload', upload: 'a'.repeat(64) } },
      422,
      'UPLOAD_NOT_FOUND',
      /no upload a{64}/,
      'source.upload',
    ],
  ])('that %s is refused', async (_what, body, status, code, detail, at) => {
    const problem = await post('/v1/builds', body)
    expect(problem).toMatchObject({ status, code, detail: expect.stringMatching(detail) })
    expect(problem.at).toBe(at)
  })

  test('of a batch that names such a ref is refused, with its place', async () => {
    const source = { kind: 'git', url: 'https://h/x', ref: 'a..b' }
    const listed = await post('/v1/batches', { builds: [hello, { ...hello, source }] })
    expect(listed).toMatchObject({ status: 400, at: 'builds[1].source.ref' })
    const found = await post('/v1/batches', { source, manifest: true })
    expect(found).toMatchObject({ status: 400, at: 'source.ref' })
  })

  test('with inline files over the limit is refused, whether they are counted or measured', async () => {
    const files = { 'index.js': 'x'.repeat(5 * 1024 * 1024) }
    const measured = await post('/v1/builds', { ...hello, source: { kind: 'inline', files } })
    expect(measured).toMatchObject({ status: 400, at: 'source.files' })
    expect(measured.detail).toMatch(/has 52\d+ bytes; inline files may have 4194304/)
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`${n}.js`, '']))
    const counted = await post('/v1/builds', { ...hello, source: { kind: 'inline', files: many } })
    expect(counted).toMatchObject({ status: 400, at: 'source.files' })
    expect(counted.detail).toMatch(/at most 1000 files/)
  })
})

describe('a key', () => {
  test.each([
    ['wrong', { authorization: 'Bearer not-the-key-of-anybody' }, /not known/],
    ['missing', { authorization: '' }, /has no key/],
    ['of another scheme', { authorization: 'Token abc' }, /has no key/],
  ])('that is %s is refused with 401 on every path', async (_what, headers, detail) => {
    for (const path of ['/v1/builds', '/v1/limits', '/v1/nothing', '/admin/queues']) {
      const response = await line.fetch(path, { headers })
      expect([path, response.status]).toEqual([path, 401])
      expect(response.headers.get('www-authenticate')).toMatch(/^B/)
      expect(await problemOf(response)).toMatchObject({
        code: 'NOT_AUTHENTICATED',
        detail: expect.stringMatching(detail),
      })
    }
  })
})

describe('a build that is not there', () => {
  test('answers 404 on every path, as does one of another tenant', async () => {
    const { id } = await line.client.submit(hello as never)
    const headers = { authorization: `Bearer ${line.otherKey}` }
    for (const [path, method = 'GET'] of [
      [''],
      ['/events'],
      ['/log'],
      ['/report'],
      ['/package'],
      ['/cancel', 'POST'],
      ['/retry', 'POST'],
    ]) {
      const unknown = await line.fetch(`/v1/builds/nobody${path}`, { method })
      expect([path, unknown.status]).toEqual([path, 404])
      const others = await line.fetch(`/v1/builds/${id}${path}`, { method, headers })
      expect([path, others.status]).toEqual([path, 404])
      const texts = await Promise.all([problemOf(unknown), problemOf(others)])
      // Nobody learns from the words whether the build is there for somebody else.
      expect(texts[0]?.detail.replace('nobody', id)).toBe(texts[1]?.detail)
    }
    await line.client.cancel(id)
  })
})

describe('an upload', () => {
  const file = { name: 'index.js', content: 'exports.handler = () => 1\n' }
  const whole = craftZip([file])

  test.each<[string, Uint8Array, FailureCode, RegExp]>([
    ['that is empty', Buffer.alloc(0), 'FORMAT', /empty/],
    ['of a text named .zip', Buffer.from('hello, I am no archive\n'), 'FORMAT', /text|ZIP/],
    ['cut in the middle', whole.subarray(0, whole.length >> 1), 'ARCHIVE_DAMAGED', /cut|end/],
    ['with two entries of one name', craftZip([file, file]), 'ARCHIVE_REFUSED', /index\.js/],
    ['with ../x', craftZip([{ ...file, name: '../x' }]), 'ARCHIVE_REFUSED', /\.\.\/x/],
    [
      'with a wrong checksum',
      craftZip([{ ...file, both: { crc: 1 } }]),
      'ARCHIVE_DAMAGED',
      /checksum/,
    ],
  ])('%s is refused before there is a build', async (_what, bytes, code, detail) => {
    const problem = await upload(new Uint8Array(bytes))
    expect(problem).toMatchObject({ status: 422, code, detail: expect.stringMatching(detail) })
  })
})
