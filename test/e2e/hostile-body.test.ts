import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { leftBehind } from '../harness/left-behind.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine({ workers: 0 })
})
afterAll(() => line.stop())
/** Whatever was sent: the service lives, made no mistake of its own, and keeps nothing. */
afterEach(async () => {
  expect((await line.fetch('/healthz')).status).toBe(200)
  expect(await line.logOf('api')).not.toMatch(/"level":[56]0|Warning/)
  // A request that was cut may still be on its way out.
  await expect.poll(() => leftBehind(line)).toEqual([])
})

async function post(path: string, body: string | Uint8Array<ArrayBuffer>, headers = {}) {
  const response = await line.fetch(path, { method: 'POST', body, headers })
  const text = await response.text()
  return { status: response.status, body: JSON.parse(text) as Record<string, unknown>, text }
}

const hello = {
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'x' } },
}
/** `hello` with one member as raw JSON. */
const withMember = (name: string, raw: string) =>
  `${JSON.stringify(hello).slice(0, -1)},"${name}":${raw}}`

describe('a body', () => {
  test.each([
    ['null', 'null'],
    ['a number', '1e400'],
    ['a text', '"x"'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['bytes that are no text', '\u0000\u0001\ufffd'],
    ['a byte order mark alone', '\ufeff'],
  ])('of %s is refused', async (_what, body) => {
    for (const path of ['/v1/builds', '/v1/batches']) {
      expect([path, (await post(path, body)).status]).toEqual([path, 400])
    }
  })

  test.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('nested deep in %s is refused, also with an Idempotency-Key', async (_what, open, close) => {
    const headers = { 'idempotency-key': 'deep' }
    for (const depth of [1e5, 2e6]) {
      const deep = `${open.repeat(depth)}1${close.repeat(depth)}`
      for (const body of [deep, withMember('labels', deep), withMember('source', deep)]) {
        const { status, text } = await post('/v1/builds', body, headers)
        expect([depth, status]).toEqual([depth, depth === 1e5 ? 400 : 413])
        expect(text.length).toBeLessThan(2000)
      }
    }
  })

  test('of millions of values is refused before they are made', async () => {
    const builds = `{"builds":[${'{},'.repeat(5e6)}{}]}`
    const { status, body } = await post('/v1/batches', builds)
    expect(status).toBe(413)
    expect(body).toMatchObject({ code: 'BODY_TOO_LARGE', detail: expect.stringMatching(/values/) })
  })

  test.each([
    ['timeoutSeconds over all bounds', 'build', '{"timeoutSeconds":1e999}'],
    ['timeoutSeconds below zero', 'build', '{"timeoutSeconds":-1}'],
    ['an integer of a million digits', 'build', `{"timeoutSeconds":${'9'.repeat(1e6)}}`],
    [
      'too many labels',
      'labels',
      JSON.stringify(Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`l${n}`, '']))),
    ],
    ['a label named __proto__', 'labels', '{"__proto__":"x"}'],
    [
      'a file named __proto__',
      'source',
      '{"kind":"inline","files":{"__proto__":"x","index.js":"y"}}',
    ],
    ['a member named __proto__', '__proto__', '{"isAdmin":true}'],
    ['a member named constructor', 'constructor', '{"prototype":{"isAdmin":true}}'],
    ['a source that is both', 'source', '{"kind":"inline","files":{"a":"b"},"upload":"c"}'],
    ['a file of a lone surrogate', 'source', '{"kind":"inline","files":{"\\ud800/../x":"y"}}'],
    ['base64 that is none', 'source', '{"kind":"inline","files":{"a":{"base64":"%%%"}}}'],
  ])('with %s is refused with its place', async (_what, name, raw) => {
    const { status, body } = await post('/v1/builds', withMember(name, raw))
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST'])
    expect(String(body.at ?? body.detail)).toContain(name)
  })

  test('whose names are those of inherited members is taken as it is', async () => {
    const files = { constructor: 'a', toString: 'b', hasOwnProperty: 'c', 'index.js': 'd' }
    const body = JSON.stringify({
      ...hello,
      source: { kind: 'inline', files },
      labels: { constructor: 'x', valueOf: 'y' },
    })
    const { status, body: accepted } = await post('/v1/builds', body)
    expect(status).toBe(202)
    const build = await line.client.build(String(accepted.id))
    expect(build.labels).toEqual({ constructor: 'x', valueOf: 'y' })
    expect(build.request?.source).toMatchObject({ files })
  })

  test('that is compressed is refused before anything is inflated', async () => {
    const { status, body } = await post('/v1/builds', '{}', { 'content-encoding': 'gzip' })
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST'])
    expect(body.hint).toMatch(/Content-Encoding/)
  })
})

describe('a client', () => {
  /** Sends the text as it is and goes when `until` says so. */
  async function sendAndGo(text: string, go: () => Promise<unknown>): Promise<void> {
    const { hostname, port } = new URL(line.url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.write(text)
    await go()
    socket.resetAndDestroy()
  }

  const head = (request: string, ...more: string[]) =>
    [`${request} HTTP/1.1`, 'host: x', `authorization: Bearer ${line.key}`, ...more, '', ''].join(
      '\r\n',
    )

  test.each([
    ['before its body', 'POST /v1/builds', ['content-length: 1000'], ''],
    ['in the middle of its body', 'POST /v1/builds', ['content-length: 1000'], '{"function":'],
    [
      'in the middle of a batch',
      'POST /v1/batches',
      ['transfer-encoding: chunked'],
      '5\r\n{"bui\r\n',
    ],
    ['in the middle of an upload', 'POST /v1/uploads', ['content-length: 9999999'], 'PK'],
    ['while a list is made', 'GET /v1/builds', [], ''],
  ])('that hangs up %s leaves nothing', async (_when, request, headers, body) => {
    await sendAndGo(`${head(request, ...headers)}${body}`, () => wait(50))
  })

  test('that hangs up a hundred times while it watches leaves nobody listening', async () => {
    const { status, body } = await post('/v1/builds', JSON.stringify(hello))
    expect(status).toBe(202)
    const id = String(body.id)
    const watch = head(`GET /v1/builds/${id}/events`)
    await Promise.all(Array.from({ length: 100 }, (_, n) => sendAndGo(watch, () => wait(n % 20))))
    const events = Array.fromAsync(line.client.events(id))
    await line.client.cancel(id)
    expect((await events).at(-1)?.type).toBe('cancelled')
  })
})
