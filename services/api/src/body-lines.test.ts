import { once } from 'node:events'
import { connect } from 'node:net'
import express from 'express'
import { afterEach, describe, expect, test } from 'vitest'
import { type BodyLine, bodyLines, isNdjson } from './body-lines.ts'
import { serve, type TestServer } from './test/serve.ts'

let server: TestServer | undefined
afterEach(() => server?.close())

/** Serves what reads a body by lines; answers each with its number, or the fault. */
async function reading(bytesMax?: number, onLine: (line: BodyLine) => void = () => {}) {
  const app = express()
  app.post('/', async (request, response) => {
    const lines: [number, string][] = []
    try {
      for await (const line of bodyLines(request, bytesMax)) {
        onLine(line)
        lines.push([line.line, line.bytes.toString()])
      }
      response.json(lines)
    } catch (error) {
      response.json({ code: Reflect.get(error as object, 'code'), text: String(error) })
    }
  })
  server = await serve(app)
  return server.url
}

async function send(url: string, body: string | Buffer | ReadableStream, headers = {}) {
  const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit
  return (await fetch(url, init)).json()
}

describe('the lines of a body', () => {
  test('are numbered as an editor numbers them, empty ones left out', async () => {
    const url = await reading()
    expect(await send(url, '{"a":1}\n\n  \t\r\n{"b":2}\r\n{"c":3}')).toEqual([
      [1, '{"a":1}'],
      [4, '{"b":2}\r'],
      [5, '{"c":3}'],
    ])
    expect(await send(url, '\n\n')).toEqual([])
  })

  test('are the same wherever the body is cut on its way', async () => {
    const text = Buffer.from('{"a":"你好"}\n{"b":"…"}\n{"c":3}\n')
    const seen: BodyLine[] = []
    const url = await reading(undefined, (line) => seen.push(line))
    const stream = new ReadableStream({
      async start(controller) {
        for (const byte of text) controller.enqueue(new Uint8Array([byte]))
        controller.close()
      },
    })
    const answer = await send(url, stream)
    expect(answer).toEqual([
      [1, '{"a":"你好"}'],
      [2, '{"b":"…"}'],
      [3, '{"c":3}'],
    ])
    expect(seen).toHaveLength(3)
  })

  test('are handed over before the body has ended', async () => {
    const first = Promise.withResolvers<BodyLine>()
    const url = new URL(await reading(undefined, first.resolve))
    const socket = connect(Number(url.port), url.hostname)
    await once(socket, 'connect')
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a":1}\n')
    expect((await first.promise).bytes.toString()).toBe('{"a":1}')
    socket.destroy()
  })

  test('of too many bytes are refused, announced or not', async () => {
    const url = await reading(20)
    expect(await send(url, 'x'.repeat(21))).toMatchObject({ code: 'BODY_TOO_LARGE' })
    const stream = new Blob(['{"a":1}\n'.repeat(4)]).stream()
    expect(await send(url, stream)).toMatchObject({ code: 'BODY_TOO_LARGE' })
    expect(await send(url, 'x'.repeat(20))).toEqual([[1, 'x'.repeat(20)]])
  })

  test('each end at 9 MiB, and hold a million values at most', async () => {
    const url = await reading()
    const long = await send(url, `{}\n${'x'.repeat(9 * 1024 * 1024 + 1)}\n`)
    expect(long).toMatchObject({ code: 'BODY_TOO_LARGE', text: expect.stringMatching(/line 2:/) })
    const endless = await send(url, 'x'.repeat(20 * 1024 * 1024))
    expect(endless).toMatchObject({ text: expect.stringMatching(/line 1:/) })
    const many = await send(url, `[${'{},'.repeat(1_000_001)}{}]`)
    expect(many).toMatchObject({ text: expect.stringMatching(/1000000 values/) })
  })

  test('are not inflated', async () => {
    const url = await reading()
    const answer = await send(url, 'x', { 'content-encoding': 'gzip' })
    expect(answer).toMatchObject({ code: 'INVALID_REQUEST', text: expect.stringMatching(/gzip/) })
  })
})

test.each<[string | undefined, boolean]>([
  ['application/x-ndjson', true],
  ['Application/X-NDJSON; charset=utf-8', true],
  ['application/jsonl', true],
  ['application/ndjson', true],
  ['application/json', false],
  ['application/x-ndjsonish', false],
  ['text/plain', false],
  [undefined, false],
])('a body of type %s is lines: %s', (type, expected) => {
  expect(isNdjson({ headers: type === undefined ? {} : { 'content-type': type } })).toBe(expected)
})
