import type { FunctionView } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { functionsOn, NODE, of } from '../harness/functions.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

/** Every answer is held against the API's own description as well: `line.fetch` sees to that. */
let line: TestLine
beforeAll(async () => {
  line = await startTestLine({ workers: 0 })
  await registered('there', { template: true })
  await send('PUT', of('java'), { runtime: 'java', handler: 'com.example.Hello.handle' })
})
afterAll(() => line.stop())

const { ask, send, registered } = functionsOn(() => line)

const ABSENT = 'a'.repeat(64)
const ANY = { 'if-match': '*' }
const STALE = { 'if-match': '"draft-99"' }

type Case = [
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
  status: number,
  code: string,
]

describe('settings', () => {
  test.each<Case>([
    ['PUT', '/1st', NODE, {}, 400, 'INVALID_REQUEST'],
    ['PUT', `/${'x'.repeat(97)}`, NODE, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/new', {}, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/new', { ...NODE, runtime: 'perl' }, {}, 400, 'UNKNOWN_RUNTIME'],
    ['PUT', '/new', { ...NODE, version: '99' }, {}, 400, 'UNKNOWN_VERSION'],
    ['PUT', '/new', { ...NODE, handler: 'x' }, {}, 400, 'HANDLER_FORM'],
    ['PUT', '/new', { ...NODE, architecture: 'mips' }, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/new', { ...NODE, keep: { days: 0 } }, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/new', { ...NODE, keep: { count: 1, weeks: 1 } }, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/new', { ...NODE, callback: { url: 'x' } }, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/new', { ...NODE, description: 'x'.repeat(513) }, {}, 400, 'INVALID_REQUEST'],
    ['GET', '/new', undefined, {}, 404, 'NOT_FOUND'],
    ['DELETE', '/new', undefined, {}, 404, 'NOT_FOUND'],
    ['GET', '?limit=0', undefined, {}, 400, 'INVALID_REQUEST'],
    ['GET', '?limit=501', undefined, {}, 400, 'INVALID_REQUEST'],
    ['POST', '/there', {}, {}, 405, 'METHOD_NOT_ALLOWED'],
  ])(
    '%s %s with %j is answered as it deserves',
    async (method, path, body, headers, status, code) => {
      expect(await refused(method, path, body, headers)).toEqual([status, code])
      expect((await ask('GET', of('new'))).status).toBe(404)
    },
  )
})

describe('files', () => {
  test.each<Case>([
    ['GET', '/none/files', undefined, {}, 404, 'NOT_FOUND'],
    ['GET', '/there/files/none.js', undefined, {}, 404, 'NOT_FOUND'],
    ['GET', '/there/files/a%2F..%2Fb', undefined, {}, 400, 'INVALID_REQUEST'],
    ['GET', '/there/files/%E0%A4%A', undefined, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/none/files/a.js', 'a', {}, 404, 'NOT_FOUND'],
    ['PUT', '/there/files/index.js', 'a', {}, 428, 'PRECONDITION_REQUIRED'],
    ['PUT', '/there/files/index.js', 'a', STALE, 412, 'PRECONDITION_FAILED'],
    ['PUT', '/there/files/new.js', 'a', ANY, 412, 'PRECONDITION_FAILED'],
    ['PUT', '/there/files/index.js', 'a', { 'if-match': 'x' }, 400, 'INVALID_REQUEST'],
    ['PUT', '/there/files/index.js?kind=folder', '', ANY, 409, 'CONFLICT'],
    ['PUT', '/there/files/a.js?kind=link', '', {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/there/files/a.js?executable=1', '', {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/there/files/INDEX.JS', 'a', {}, 409, 'CONFLICT'],
    ['PUT', '/java/files/Hello.java', 'a', {}, 409, 'EDIT_REFUSED'],
    ['DELETE', '/there/files/none.js', undefined, ANY, 404, 'NOT_FOUND'],
    ['DELETE', '/there/files/index.js', undefined, {}, 428, 'PRECONDITION_REQUIRED'],
    ['DELETE', '/there/files/index.js', undefined, STALE, 412, 'PRECONDITION_FAILED'],
    ['DELETE', '/java/files/none.js', undefined, ANY, 409, 'EDIT_REFUSED'],
    ['DELETE', '/none/files', undefined, ANY, 404, 'NOT_FOUND'],
    ['DELETE', '/there/files', undefined, {}, 428, 'PRECONDITION_REQUIRED'],
    ['DELETE', '/there/files', undefined, STALE, 412, 'PRECONDITION_FAILED'],
  ])('%s %s with %j and %j', async (method, path, body, headers, status, code) => {
    expect(await refused(method, path, body, headers)).toEqual([status, code])
    expect((await ask('GET', of('there', '/files'))).etag).toBe('"draft-1"')
  })

  test.each<Case>([
    ['PUT', '/there/files', {}, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/there/files', { version: 1, files: { '../a': '' } }, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/there/files', { version: 9, files: {} }, {}, 412, 'PRECONDITION_FAILED'],
    ['PUT', '/there/files', { version: 1, deletes: ['none'] }, {}, 404, 'NOT_FOUND'],
    ['PUT', '/there/files', { version: 1, files: { 'Index.js': '' } }, {}, 409, 'CONFLICT'],
    ['PUT', '/java/files', { version: 0, files: { a: '' } }, {}, 409, 'EDIT_REFUSED'],
    ['PUT', '/none/files', { version: 0 }, {}, 404, 'NOT_FOUND'],
    ['POST', '/there/files/move', { from: 'index.js' }, ANY, 400, 'INVALID_REQUEST'],
    ['POST', '/there/files/move', { from: 'no', to: 'a' }, ANY, 404, 'NOT_FOUND'],
    ['POST', '/there/files/move', { from: 'index.js', to: 'a' }, {}, 428, 'PRECONDITION_REQUIRED'],
    ['POST', '/there/files/move', { from: 'index.js', to: 'a' }, STALE, 412, 'PRECONDITION_FAILED'],
    ['POST', '/there/files/move', { from: 'index.js', to: 'index.js' }, ANY, 409, 'CONFLICT'],
    ['POST', '/java/files/move', { from: 'a', to: 'b' }, ANY, 409, 'EDIT_REFUSED'],
    ['POST', '/there/files/import', { upload: 'x' }, ANY, 400, 'INVALID_REQUEST'],
    ['POST', '/there/files/import', { upload: ABSENT }, {}, 428, 'PRECONDITION_REQUIRED'],
    ['POST', '/there/files/import', { upload: ABSENT }, STALE, 412, 'PRECONDITION_FAILED'],
    ['POST', '/there/files/import', { upload: ABSENT }, ANY, 422, 'UPLOAD_NOT_FOUND'],
    ['POST', '/java/files/import', { upload: ABSENT }, ANY, 409, 'EDIT_REFUSED'],
    ['POST', '/there/files/other', {}, ANY, 405, 'METHOD_NOT_ALLOWED'],
  ])('%s %s with %j and %j', async (method, path, body, headers, status, code) => {
    expect(await refused(method, path, body, headers)).toEqual([status, code])
    expect((await ask('GET', of('there', '/files'))).etag).toBe('"draft-1"')
  })
})

describe('builds, packages and aliases', () => {
  const dependencies = ['no-such']
  const INLINE = { kind: 'inline', files: { 'index.js': '' } }

  test.each<Case>([
    ['POST', '/none/builds', {}, {}, 404, 'NOT_FOUND'],
    ['POST', '/there/builds', { function: 'other' }, {}, 400, 'INVALID_REQUEST'],
    ['POST', '/there/builds', { source: { kind: 'tape' } }, {}, 400, 'INVALID_REQUEST'],
    [
      'POST',
      '/there/builds',
      { source: { kind: 'upload', upload: ABSENT } },
      {},
      422,
      'UPLOAD_NOT_FOUND',
    ],
    [
      'POST',
      '/there/builds',
      { source: { kind: 'draft', version: 7 } },
      {},
      412,
      'PRECONDITION_FAILED',
    ],
    ['POST', '/java/builds', {}, {}, 422, 'SOURCE_NOT_FOUND'],
    ['POST', '/there/builds', {}, { 'idempotency-key': 'no good' }, 400, 'INVALID_REQUEST'],
    ['GET', '/none/packages', undefined, {}, 404, 'NOT_FOUND'],
    ['GET', '/there/packages/1', undefined, {}, 404, 'NOT_FOUND'],
    ['GET', '/there/packages/zero', undefined, {}, 400, 'INVALID_REQUEST'],
    ['GET', '/there/packages/0', undefined, {}, 400, 'INVALID_REQUEST'],
    ['GET', '/there/packages/1/package', undefined, {}, 404, 'NOT_FOUND'],
    ['GET', '/there/packages/diff', undefined, {}, 400, 'INVALID_REQUEST'],
    ['GET', '/there/packages/diff?from=1&to=2', undefined, {}, 404, 'NOT_FOUND'],
    ['GET', '/none/aliases', undefined, {}, 404, 'NOT_FOUND'],
    ['GET', '/there/aliases/current', undefined, {}, 404, 'NOT_FOUND'],
    ['PUT', '/there/aliases/stable', { number: 1 }, {}, 404, 'NOT_FOUND'],
    ['PUT', '/there/aliases/stable', { number: '1' }, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/there/aliases/1st', { number: 1 }, {}, 400, 'INVALID_REQUEST'],
    ['PUT', '/none/aliases/stable', { number: 1 }, {}, 404, 'NOT_FOUND'],
    ['DELETE', '/there/aliases/stable', undefined, {}, 404, 'NOT_FOUND'],
    ['DELETE', '/there/aliases/current', undefined, {}, 409, 'CONFLICT'],
  ])('%s %s with %j and %j', async (method, path, body, headers, status, code) => {
    expect(await refused(method, path, body, headers)).toEqual([status, code])
  })

  test('of what a function attaches are judged when it is built', async () => {
    const { body } = await send<FunctionView>('PUT', of('attaches'), { ...NODE, dependencies })
    expect(body.dependencies).toEqual(dependencies)
    expect(await refused('POST', '/attaches/builds', { source: INLINE }, {})).toEqual([
      422,
      'DEPENDENCY_PACKAGE_NOT_FOUND',
    ])
  })
})

test('a batch says which of its drafts is not there, and builds none', async () => {
  const build = { ...NODE, source: { kind: 'draft' } }
  const builds = ['there', 'nowhere'].map((name) => ({ ...build, function: name }))
  expect(await send('POST', '/v1/batches', { builds })).toMatchObject({
    status: 422,
    body: { code: 'SOURCE_NOT_FOUND', at: 'builds[1].source' },
  })
  expect((await line.client.builds({ function: 'there' })).items).toEqual([])
})

test('whoever has no key is told so on every path of functions', async () => {
  for (const path of ['', '/there', '/there/files', '/there/files/index.js', '/there/packages']) {
    const response = await fetch(`${line.url}/v1/functions${path}`)
    expect([path, response.status]).toEqual([path, 401])
    await response.arrayBuffer()
  }
})

async function refused(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<[number, string | undefined]> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await ask(method, `/v1/functions${path}`, { body: text, headers })
  return [answer.status, answer.body.code]
}
