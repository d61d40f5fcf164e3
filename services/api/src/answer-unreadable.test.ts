import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { problemSchema } from '@packline/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeServer } from './make-server.ts'

const PATIENCE = { headersMs: 200, requestMs: 500, lookMs: 50 }
/** Says something, and has not ended. */
const BEGUN = '/begun'

let server: Server
const sockets: Socket[] = []

beforeAll(async () => {
  server = makeServer((request, response) => {
    if (request.url === BEGUN) response.write('half')
    else response.end('whole')
  }, PATIENCE).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function open(): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  sockets.push(socket.on('error', () => undefined))
  return socket
}

async function answered(bytes: string) {
  const socket = open()
  socket.write(bytes)
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  const [first = '', ...headers] = head.split('\r\n')
  const problem = problemSchema.parse(JSON.parse(body))
  return { first, headers, length: Buffer.byteLength(body), problem }
}

async function expectAlive() {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  expect(await response.text()).toBe('whole')
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n'

test.each([
  ['headers of 20 KB', `${GET}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['headers of 1 MB', `${GET}X-Long: ${'x'.repeat(1e6)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['an address of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400, 'INVALID_REQUEST'],
  ['a header that is none', `${GET}no colon\r\n\r\n`, 400, 'INVALID_REQUEST'],
  ['two lengths', `${GET}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400, 'INVALID_REQUEST'],
  ['a start and no end', 'GET / HT', 408, 'TOO_SLOW'],
])('%s: a problem is answered, and the connection ends', async (_what, bytes, status, code) => {
  const { first, headers, length, problem } = await answered(bytes)
  expect(first).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`))
  expect(headers).toEqual(
    expect.arrayContaining([
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${length}`,
      'Connection: close',
    ]),
  )
  expect(problem).toMatchObject({ status, code, hint: expect.any(String) })
  await expectAlive()
})

test('the problem says how large headers may be', async () => {
  const { problem } = await answered(`${GET}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`)
  expect(problem.detail).toContain('16384 bytes')
})

test('an answer that has begun is cut, not answered once more', async () => {
  const socket = open()
  const said = text(socket).catch(() => '')
  socket.write(`GET ${BEGUN} HTTP/1.1\r\nHost: a\r\n\r\n`)
  await sleep(50)
  socket.write('nonsense\r\n\r\n')
  expect((await said).match(/HTTP\/1\.1/g) ?? []).toHaveLength(1)
  await expectAlive()
})

test('who sends nonsense and is gone at once, or half closes, harms nobody', async () => {
  for (const leave of ['resetAndDestroy', 'destroy', 'end'] as const) {
    const socket = open()
    await once(socket, 'connect')
    socket.write('nonsense\r\n\r\n')
    socket[leave]()
    await once(socket.resume(), 'close')
  }
  await sleep(50)
  await expectAlive()
})

test('what goes on coming is thrown away for a while, and then the connection is cut', async () => {
  const socket = open()
  socket.write('nonsense\r\n\r\n')
  const more = setInterval(() => socket.write('x'.repeat(1000)), 20)
  const begun = performance.now()
  const said = text(socket)
  await once(socket, 'close')
  clearInterval(more)
  expect(await said).toContain('INVALID_REQUEST')
  expect(performance.now() - begun).toBeLessThan(5000)
  await expectAlive()
})
