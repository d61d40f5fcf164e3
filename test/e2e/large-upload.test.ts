import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Problem } from '@packline/shared'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { leftBehind } from '../harness/left-behind.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { until } from '../harness/processes.ts'

const MB = 1024 * 1024
const LIMIT = 50 * MB
const CHUNK = Buffer.alloc(MB)

let line: TestLine
beforeAll(async () => {
  line = await startTestLine({ workers: 0 })
})
afterAll(() => line.stop())
afterEach(async () => {
  expect(await leftBehind(line)).toEqual([])
})

describe('an upload over 50 MB', () => {
  test('of a known length is refused with 413 before its bytes come', async () => {
    const sending = post('/v1/uploads', { 'content-length': String(LIMIT + 1) })
    const [answer] = (await once(sending, 'response')) as [IncomingMessage]
    expect(await problemOf(answer)).toMatchObject({
      status: 413,
      code: 'UPLOAD_TOO_LARGE',
      detail: expect.stringMatching(/more than 50 MB \(52428800 bytes\)/),
      hint: expect.stringMatching(/object storage/),
    })
    sending.destroy()
  })

  test('of unknown length is refused while it streams', async () => {
    const sending = post('/v1/uploads', { 'transfer-encoding': 'chunked' })
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>
    let isAnswered = false
    answered.then(() => {
      isAnswered = true
    })
    let sent = 0
    // Ten times the limit would pass where nobody refused.
    while (!isAnswered && sent < 10 * LIMIT) {
      sent += CHUNK.length
      if (!sending.write(CHUNK)) await Promise.race([once(sending, 'drain'), answered])
    }
    const [answer] = await answered
    expect(sent).toBeGreaterThan(LIMIT)
    expect(sent).toBeLessThan(2 * LIMIT)
    expect(await problemOf(answer)).toMatchObject({ status: 413, code: 'UPLOAD_TOO_LARGE' })
    sending.destroy()
  })

  test.each([
    ['a known length', { 'content-length': String(80 * MB) }, false],
    ['unknown length', { 'transfer-encoding': 'chunked' }, true],
  ])(
    'of %s is answered to a sender who reads only when all is sent',
    async (_how, headers, chunked) => {
      const { status, body } = await sendAllThenRead(headers, 80, chunked)
      expect(status).toBe(413)
      expect(body).toContain('UPLOAD_TOO_LARGE')
    },
  )

  test('of exactly the limit is not refused for its size', async () => {
    const bytes = Buffer.alloc(LIMIT, 'x')
    const response = await line.fetch('/v1/uploads', { method: 'POST', body: bytes })
    expect(await response.json()).toMatchObject({ status: 422, code: 'FORMAT' })
  })
})

test('a JSON body over its limit is refused with 413, also to one who reads late', async () => {
  const headers = { 'content-type': 'application/json', 'content-length': String(80 * MB) }
  for (const path of ['/v1/builds', '/v1/batches']) {
    const { status, body } = await sendAllThenRead(headers, 80, false, path)
    expect([path, status]).toEqual([path, 413])
    expect(body).toContain('BODY_TOO_LARGE')
  }
})

test('a sender who hangs up in the middle leaves nothing, and no error in the log', async () => {
  const sending = post('/v1/uploads', { 'content-length': String(20 * MB) })
  sending.on('error', () => undefined)
  sending.write(CHUNK)
  await until(async () => (await leftBehind(line)).length > 0)
  sending.destroy()
  await until(async () => (await leftBehind(line)).length === 0)
  const builds = post('/v1/builds', { 'content-length': '1000' })
  builds.on('error', () => undefined)
  builds.write('{"function":')
  await once(builds, 'socket')
  builds.destroy()
  expect(await (await line.fetch('/healthz')).json()).toEqual({ status: 'ok' })
  expect(await line.logOf('api')).not.toMatch(/made a mistake|"level":50/)
})

function post(path: string, headers: Record<string, string>): ClientRequest {
  const sending = request(`${line.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${line.key}`, ...headers },
  })
  sending.flushHeaders()
  return sending
}

async function problemOf(answer: IncomingMessage): Promise<Problem> {
  return JSON.parse(await text(answer)) as Problem
}

/** As simple clients do: nothing of the answer is read until the last byte has been written. */
async function sendAllThenRead(
  headers: Record<string, string>,
  megabytes: number,
  isChunked: boolean,
  path = '/v1/uploads',
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(line.url)
  const socket = connect(Number(port), hostname)
  socket.pause()
  const all = { host: hostname, authorization: `Bearer ${line.key}`, ...headers }
  const rows = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`POST ${path} HTTP/1.1\r\n${rows.join('')}\r\n`)
  for (let sent = 0; sent < megabytes; sent++) {
    if (isChunked) socket.write(`${CHUNK.length.toString(16)}\r\n`)
    const isRoom = socket.write(CHUNK)
    if (isChunked) socket.write('\r\n')
    if (!isRoom) await once(socket, 'drain')
  }
  if (isChunked) socket.write('0\r\n\r\n')
  socket.end()
  const answer = await text(socket)
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), body }
}
