import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import express from 'express'
import { afterEach, describe, expect, test } from 'vitest'
import { makeServer } from './make-server.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** Sends the start of a request and then nothing; answers what came back until it was cut. */
async function stall(start: string): Promise<{ said: string; ms: number }> {
  const app = express()
  app.use(express.json(), (_request, response) => void response.json({}))
  const server = makeServer(app, { headersMs: 200, requestMs: 500, lookMs: 50 })
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  const begun = performance.now()
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(start)
  return { said: await text(socket), ms: performance.now() - begun }
}

const HEAD = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n'

describe('a request that comes too slowly is answered 408 and cut', () => {
  test.each([
    ['in its first line', 'POST / HT', 200],
    ['in its headers', HEAD, 200],
    ['in its body', `${HEAD}content-length: 1000\r\n\r\n{"a":`, 500],
    ['in a body without a length', `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"a":\r\n`, 500],
  ])('%s', async (_where, start, msMin) => {
    const { said, ms } = await stall(start)
    expect(said).toMatch(/^HTTP\/1\.1 408 /)
    // Timers of Node.js may be a little early.
    expect(ms).toBeGreaterThan(msMin - 20)
  })
})

test('as it is run it waits for nobody longer than this', () => {
  const server = makeServer(() => undefined)
  const { headersTimeout, requestTimeout, keepAliveTimeout } = server
  expect({ headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({
    headersTimeout: 20_000,
    requestTimeout: 600_000,
    keepAliveTimeout: 75_000,
  })
})
