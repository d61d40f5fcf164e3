import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { type Connection, connect } from './connection.ts'
import { followEvents } from './follow-events.ts'
import { sent, serve, type TestServer } from './test/serve.ts'

interface Numbered {
  seq: number
  last?: boolean
}

const servers: TestServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function started(handler: Parameters<typeof serve>[0]) {
  const server = await serve(handler)
  servers.push(server)
  return { server, connection: connect({ url: server.url, key: 'secret' }) }
}

function follow(connection: Connection, signal?: AbortSignal) {
  return followEvents<Numbered>(connection, '/events', ({ last }) => last === true, signal)
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
}

describe('a stream of events', () => {
  test('gives each event as it comes, however the bytes are cut, and ends with the last', async () => {
    const { connection, server } = await started((response) => {
      begin(response)
      const bytes = Buffer.from(
        `:\n\n${sent(1, { seq: 1, text: '你好' })}${sent(2, { seq: 2, last: true })}`,
      )
      for (const byte of bytes) response.write(Buffer.from([byte]))
      response.end()
    })
    expect(await Array.fromAsync(follow(connection))).toEqual([
      { seq: 1, text: '你好' },
      { seq: 2, last: true },
    ])
    const headers = server.requests[0]?.headers
    expect(headers).toMatchObject({ accept: 'text/event-stream', authorization: 'Bearer secret' })
    expect(headers?.['last-event-id']).toBeUndefined()
  })

  test.each([
    ['cut', (response: ServerResponse) => response.destroy()],
    ['ended too soon by a proxy', (response: ServerResponse) => response.end()],
  ])('that is %s goes on after the last event that came', async (_, stop) => {
    const { connection, server } = await started((response, _request, count) => {
      begin(response)
      response.write(sent(count, { seq: count, last: count === 3 }))
      setTimeout(() => (count === 3 ? response.end() : stop(response)), 20)
    })
    const events = await Array.fromAsync(follow(connection))
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3])
    const asked = server.requests.map(({ headers }) => headers['last-event-id'])
    expect(asked).toEqual([undefined, '1', '2'])
  })

  test('has ended where the server has nothing more: 204', async () => {
    const { connection, server } = await started((response, _request, count) => {
      if (count === 2) return response.writeHead(204).end()
      begin(response)
      response.end(sent(7, { seq: 7 }))
    })
    expect(await Array.fromAsync(follow(connection))).toEqual([{ seq: 7 }])
    expect(server.requests).toHaveLength(2)
  })

  test('comes back after an outage of the server', async () => {
    const { connection, server } = await started((response, _request, count) => {
      if (count === 2) return response.destroy()
      if (count === 3) {
        const problem = { code: 'RECORDS_UNAVAILABLE', detail: 'Redis is away' }
        return response.writeHead(503).end(JSON.stringify(problem))
      }
      begin(response)
      response.write(sent(count, { seq: count, last: count === 4 }))
      setTimeout(() => response.destroy(), 20)
    })
    const events = await Array.fromAsync(follow(connection))
    expect(events.map(({ seq }) => seq)).toEqual([1, 4])
    expect(server.requests).toHaveLength(4)
  })

  test('comes back where its key has too many open for a while', async () => {
    const { connection, server } = await started((response, _request, count) => {
      if (count < 3) {
        const problem = { code: 'TOO_MANY_REQUESTS', detail: 'Too many are open' }
        return response.writeHead(429).end(JSON.stringify(problem))
      }
      begin(response)
      response.end(sent(1, { seq: 1, last: true }))
    })
    expect(await Array.fromAsync(follow(connection))).toHaveLength(1)
    expect(server.requests).toHaveLength(3)
  })

  test.each([
    [404, 'NOT_FOUND'],
    [401, 'NOT_AUTHENTICATED'],
  ])('that is refused with %i is not asked for again', async (status, code) => {
    const { connection, server } = await started((response) => {
      response.writeHead(status).end(JSON.stringify({ code, detail: 'no' }))
    })
    await expect(Array.fromAsync(follow(connection))).rejects.toMatchObject({ code })
    expect(server.requests).toHaveLength(1)
  })

  test('with what is no JSON is a mistake, not a cut', async () => {
    const { connection, server } = await started((response) => {
      begin(response)
      response.end('id: 1\ndata: <html>\n\n')
    })
    await expect(Array.fromAsync(follow(connection))).rejects.toThrow('no JSON: <html>')
    expect(server.requests).toHaveLength(1)
  })

  test('is closed when its reader leaves, and when the signal aborts', async () => {
    const { connection, server } = await started((response) => {
      begin(response)
      response.write(sent(1, { seq: 1 }))
    })
    for await (const { seq } of follow(connection)) {
      expect(seq).toBe(1)
      break
    }
    await expect.poll(() => server.connections()).toBe(0)
    const abort = new AbortController()
    const events = follow(connection, abort.signal)
    await events.next()
    const next = events.next()
    abort.abort(new Error('the reader stops'))
    await expect(next).rejects.toThrow('the reader stops')
    await expect.poll(() => server.connections()).toBe(0)
    expect(server.requests).toHaveLength(2)
  })

  test('stops waiting for a server that is away when the signal aborts', async () => {
    const { connection, server } = await started(() => undefined)
    await server.close()
    const signal = AbortSignal.timeout(300)
    const started_ = performance.now()
    await expect(Array.fromAsync(follow(connection, signal))).rejects.toThrow()
    expect(performance.now() - started_).toBeLessThan(2000)
  })
})
