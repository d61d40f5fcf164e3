import { type BuildRequestInput, LIMITS, STORE_KEYS } from '@packline/shared'
import { storeFromUrl } from '@packline/stores'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { craftZip } from '../../packages/archive/src/test/craft-zip.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine()
})
afterAll(() => line.stop())

const code = 'exports.handler = () => 1\n'

function hello(changes: Partial<BuildRequestInput> = {}): BuildRequestInput {
  const source = { kind: 'inline' as const, files: { 'index.js': code } }
  return { function: 'hello', runtime: 'nodejs', handler: 'index.handler', source, ...changes }
}

async function json(path: string, init?: RequestInit) {
  const response = await line.fetch(path, init)
  const body = (await response.json()) as Record<string, unknown>
  return { status: response.status, headers: response.headers, body }
}

function post(path: string, body?: unknown, headers: Record<string, string> = {}) {
  return json(path, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function ended(id: string) {
  await Array.fromAsync(line.client.events(id))
  return line.client.build(id)
}

describe('what the platform offers', () => {
  test('is told: runtimes with versions and handler forms, limits, workers that live', async () => {
    const { body: runtimes } = await json('/v1/runtimes')
    expect(runtimes).toMatchObject({
      profile: 'ctyun-functiongraph',
      architectures: expect.arrayContaining(['x86_64']),
      runtimes: expect.arrayContaining([
        expect.objectContaining({
          name: 'python',
          title: 'Python',
          onlineEdit: true,
          jar: false,
          default: '3.10',
          handlerForms: ['file.function'],
        }),
        expect.objectContaining({ name: 'java', onlineEdit: false, jar: true }),
      ]),
    })
    const { body: limits } = await json('/v1/limits')
    expect(limits).toMatchObject({
      platform: { uploadBytesMax: 50 * 1024 * 1024, packageBytesMax: 300 * 1024 * 1024 },
      packline: { batchBuildsMax: LIMITS.batchBuildsMax },
    })
    const { body: workers } = await json('/v1/workers')
    expect(workers).toMatchObject({
      items: [{ id: 'worker-1', queues: expect.arrayContaining(['nodejs', 'custom']) }],
    })
  })

  test('is described to anybody, and health too; nothing else is open', async () => {
    const headers = { authorization: '' }
    for (const path of ['/openapi.json', '/healthz', '/readyz']) {
      expect([path, (await line.fetch(path, { headers })).status]).toEqual([path, 200])
    }
    const { body } = await json('/openapi.json', { headers })
    expect(body).toMatchObject({ openapi: '3.1.0' })
    expect((await json('/v1/runtimes', { headers })).status).toBe(401)
  })
})

describe('a path', () => {
  test.each(['/', '/v2/builds', '/v1/nothing', '/v1/builds/x/nothing', '/admin'])(
    '%s that is none of ours is a problem with 404',
    async (path) => {
      const { status, headers, body } = await json(path)
      expect(status).toBe(404)
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(body).toMatchObject({ code: 'NOT_FOUND', hint: expect.any(String) })
    },
  )

  test.each([
    ['DELETE', '/v1/builds', 'GET, POST'],
    ['PUT', '/v1/builds/x', 'GET'],
    ['GET', '/v1/builds/x/cancel', 'POST'],
    ['GET', '/v1/uploads', 'POST'],
    ['PATCH', '/v1/batches', 'GET, POST'],
    ['PATCH', '/v1/functions/x/files/a/b.js', 'GET, HEAD, PUT, DELETE'],
    ['POST', '/v1/limits', 'GET'],
    ['POST', '/healthz', 'GET'],
    ['DELETE', '/openapi.json', 'GET'],
  ])('%s %s that does not take the method is a problem with 405', async (method, path, allow) => {
    const { status, headers, body } = await json(path, { method })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe(allow)
    const detail = `${path} does not take ${method}`
    expect(body).toMatchObject({ code: 'METHOD_NOT_ALLOWED', detail, hint: expect.any(String) })
  })

  test('is answered plain, whatever the reader could unpack, and with an id of the request', async () => {
    const ask = () => line.fetch('/v1/runtimes', { headers: { 'accept-encoding': 'gzip, br' } })
    const [first, second] = await Promise.all([ask(), ask()])
    expect(first.headers.get('content-encoding')).toBeNull()
    expect(first.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(first.headers.get('x-request-id')).not.toBe(second.headers.get('x-request-id'))
    expect(first.headers.get('x-powered-by')).toBeNull()
  })

  test.each([
    ['/v1/runtimes', 200],
    ['/v1/nothing', 404],
    ['/hooks/nothing', 405],
    ['/healthz', 200],
    ['/openapi.json', 200],
    ['/docs/', 200],
    ['/admin/queues', 401],
  ])('%s (%i) tells a browser to take it for no more than it is', async (path, expected) => {
    const { status, headers, body } = await fetch(line.url + path, {
      headers: path.startsWith('/v1') ? { authorization: `Bearer ${line.key}` } : {},
    })
    await body?.cancel()
    expect(status).toBe(expected)
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'strict-transport-security': expect.stringMatching(/^max-age=\d/),
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    })
  })
})

describe('an upload', () => {
  const zip = craftZip([{ name: 'index.js', content: code }])
  const jar = craftZip([
    { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\r\n\r\n' },
    { name: 'notes.txt', content: 'hello' },
  ])

  test.each([
    ['zip', zip, 1],
    ['jar', jar, 2],
  ])('of a %s answers what it is by its bytes, twice the same', async (format, bytes, entries) => {
    const send = () =>
      json('/v1/uploads', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Uint8Array(bytes),
      })
    const { status, body } = await send()
    expect(status).toBe(201)
    expect(body).toEqual({
      upload: expect.stringMatching(/^[0-9a-f]{64}$/),
      sha256: body.upload,
      size: bytes.length,
      format,
      entries,
    })
    expect((await send()).body).toEqual(body)
  })

  test('comes back byte by byte as the package that it is', async () => {
    const { upload } = await line.client.upload(zip, zip.length)
    const { id } = await line.client.submit(hello({ source: { kind: 'upload', upload } }))
    const build = await ended(id)
    expect(build).toMatchObject({
      state: 'succeeded',
      package: { sha256: upload, format: 'zip' },
    })
    const { pin } = await line.client.report(id)
    expect(pin).toEqual({ kind: 'upload', sha256: upload, size: zip.length })
    const response = await line.fetch(`/v1/builds/${id}/package`)
    expect(Buffer.from(await response.bytes()).equals(zip)).toBe(true)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/zip',
      'content-length': String(zip.length),
      'content-disposition': expect.stringMatching(/^attachment; filename="?hello\.zip"?$/),
      etag: `"${upload}"`,
      'x-content-sha256': upload,
    })
    const headers = { 'if-none-match': `"${upload}"` }
    expect((await line.fetch(`/v1/builds/${id}/package`, { headers })).status).toBe(304)
    const head = await line.fetch(`/v1/builds/${id}/package`, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe(String(zip.length))
    expect(await head.text()).toBe('')
  })
})

describe('an Idempotency-Key', () => {
  const replayed = (headers: Headers) => headers.get('idempotency-replayed')

  test('answers a build, a batch and a retry once more, and says that it does', async () => {
    const { id } = await line.client.submit(hello())
    await ended(id)
    for (const [path, body] of [
      ['/v1/builds', hello()],
      ['/v1/batches', { builds: [hello(), hello()] }],
      [`/v1/builds/${id}/retry`, undefined],
    ] as const) {
      const headers = { 'idempotency-key': `once-${path}` }
      const first = await post(path, body, headers)
      expect([path, first.status, replayed(first.headers)]).toEqual([path, 202, null])
      const again = await post(path, body, headers)
      expect([path, again.status, replayed(again.headers)]).toEqual([path, 202, 'true'])
      expect(again.body).toEqual(first.body)
      expect(again.headers.get('location')).toBe(first.headers.get('location'))
    }
  })

  test('sent many times at once makes one build: 409 until it is there, then its answer', async () => {
    const headers = { 'idempotency-key': 'at-once' }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('/v1/builds', hello(), headers)),
    )
    const accepted = answers.filter(({ status }) => status === 202)
    expect(new Set(accepted.map(({ body }) => body.id)).size).toBe(1)
    expect(accepted.filter((answer) => replayed(answer.headers) === null)).toHaveLength(1)
    for (const { status, body } of answers) {
      if (status !== 202) expect([status, body.code]).toEqual([409, 'IDEMPOTENCY_IN_USE'])
    }
    expect((await post('/v1/builds', hello(), headers)).body).toEqual(accepted[0]?.body)
  })

  test('gets the first answer also where the request would be refused by now', async () => {
    const zip = craftZip([{ name: 'index.js', content: code }])
    const { upload } = await line.client.upload(zip, zip.length)
    const headers = { 'idempotency-key': 'source-gone' }
    const asked = hello({ source: { kind: 'upload', upload } })
    const first = await post('/v1/builds', asked, headers)
    const store = storeFromUrl(line.storeUrl)
    await store.remove(STORE_KEYS.upload('one', upload, 'zip'))
    expect((await post('/v1/builds', asked)).body).toMatchObject({ code: 'UPLOAD_NOT_FOUND' })
    expect((await post('/v1/builds', asked, headers)).body).toEqual(first.body)
  })

  test('goes with an upload, too: other bytes with the same key are refused', async () => {
    const send = (body: Buffer) =>
      json('/v1/uploads', { method: 'POST', headers: { 'idempotency-key': 'upload' }, body })
    const [one, other] = ['a', 'b'].map((name) => craftZip([{ name, content: code }])) as [
      Buffer,
      Buffer,
    ]
    const first = await send(one)
    expect([first.status, replayed(first.headers)]).toEqual([201, null])
    const again = await send(one)
    expect([again.status, replayed(again.headers), again.body]).toEqual([201, 'true', first.body])
    expect(await send(other)).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_MISMATCH' } })
  })

  test('of one tenant is not that of another', async () => {
    const headers = { 'idempotency-key': 'shared' }
    const mine = await post('/v1/builds', hello(), headers)
    const other = { ...headers, authorization: `Bearer ${line.otherKey}` }
    const theirs = await post('/v1/builds', hello(), other)
    expect([theirs.status, replayed(theirs.headers)]).toEqual([202, null])
    expect(theirs.body.id).not.toBe(mine.body.id)
  })

  test('used for another request, or of a wrong form, is refused', async () => {
    const headers = { 'idempotency-key': 'taken' }
    await post('/v1/builds', hello(), headers)
    const other = await post('/v1/builds', hello({ function: 'other' }), headers)
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_MISMATCH' } })
    const wrong = await post('/v1/builds', hello(), { 'idempotency-key': 'with space' })
    expect(wrong).toMatchObject({ status: 400, body: { at: 'Idempotency-Key' } })
  })
})
