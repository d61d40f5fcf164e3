import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { type S3Connection, s3Connection } from './s3-connection.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** A server that answers as the test wants, which no healthy store would do, and a connection. */
async function connected(listener: RequestListener, timeoutMs = 5_000) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connection = connectionTo(server, timeoutMs)
  cleanups.push(connection.close, async () => {
    server.closeAllConnections()
    server.close()
  })
  return { server, connection }
}

function connectionTo(server: Server, timeoutMs: number): S3Connection {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  const credentials = { accessKey: 'key', secretKey: 'hunter2', region: 'us-east-1' }
  return s3Connection({ origin: `http://127.0.0.1:${address.port}`, timeoutMs, ...credentials })
}

const payload = { sha256: 'ab', size: 3 }
const body = () => Buffer.from('abc')

describe('send', () => {
  it('sends method, path, length and signature, and reads status, headers and text', async () => {
    const { connection } = await connected(async (request, response) => {
      const sent = String(await buffer(request))
      response.setHeader('x-seen', `${request.method} ${request.url} ${sent}`)
      response.end(`${request.headers['content-length']} ${request.headers.authorization}`)
    })
    const put = { method: 'PUT', path: '/b/a%20b', body: body(), payload } as const
    const answer = await connection.send(put)
    expect(answer.status).toBe(200)
    expect(answer.headers['x-seen']).toBe('PUT /b/a%20b abc')
    expect(answer.text).toMatch(/^3 AWS4-HMAC-SHA256 Credential=key\/\d{8}\/us-east-1\/s3/)
    expect(answer.text).not.toContain('hunter2')
  })

  it('keeps its connections, also after HEAD', async () => {
    const { connection, server } = await connected((_request, response) => response.end())
    let connections = 0
    server.on('connection', () => connections++)
    for (let count = 0; count < 10; count++) {
      await connection.send({ method: 'HEAD', path: '/b/k' })
      await connection.send({ method: 'PUT', path: '/b/k', body: body(), payload })
    }
    // A request that follows at once finds the first connection not yet free.
    expect(connections).toBeLessThanOrEqual(2)
  })

  it('waits no longer than asked for a silent server, and closes the connection', async () => {
    const closed = Promise.withResolvers<void>()
    const { connection } = await connected((request) => request.on('close', closed.resolve))
    const startedAt = performance.now()
    const sent = connection.send({ method: 'HEAD', path: '/b' }, 150)
    await expect(sent).rejects.toThrow('no answer within 150 ms')
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    await closed.promise
  })

  it('waits no longer for a server that stops in the middle of its answer', async () => {
    const { connection } = await connected((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half')
    })
    const sent = connection.send({ method: 'GET', path: '/b/k' }, 150)
    await expect(sent).rejects.toThrow('no answer within 150 ms')
  })

  it('reads no more of an answer than it needs to', async () => {
    const { connection } = await connected((_request, response) => {
      response.statusCode = 500
      response.end('x'.repeat(4 * 1024 * 1024))
    })
    const answer = await connection.send({ method: 'GET', path: '/b/k' })
    expect(answer.status).toBe(500)
    expect(answer.text.length).toBeLessThan(256 * 1024)
  })

  it('gives up at once when the caller goes away, before and after the start', async () => {
    const arrived = Promise.withResolvers<void>()
    const { connection } = await connected(() => arrived.resolve())
    const caller = new AbortController()
    const running = connection.send({ method: 'GET', path: '/b/k', signal: caller.signal })
    await Promise.all([
      arrived.promise.then(() => caller.abort()),
      expect(running).rejects.toThrow(),
    ])
    const late = connection.send({ method: 'GET', path: '/b/k', signal: caller.signal })
    await expect(late).rejects.toThrow('stopped by the caller')
  })

  it('says that a connection was refused or cut', async () => {
    const { connection, server } = await connected((request) => request.socket.destroy())
    const cut = connection.send({ method: 'GET', path: '/b/k' })
    await expect(cut).rejects.toMatchObject({ name: 'NoAnswerError', cause: expect.any(Error) })
    server.close()
    await once(server, 'close')
    const refused = connection.send({ method: 'GET', path: '/b/k' })
    await expect(refused).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })

  it('closes a body that no server took', async () => {
    const { connection, server } = await connected((_request, response) => response.end())
    server.close()
    await once(server, 'close')
    const stream = Readable.from([body()])
    const put = { method: 'PUT', path: '/b/k', body: stream, payload } as const
    await expect(connection.send(put)).rejects.toThrow()
    expect(stream.destroyed).toBe(true)
  })

  it('fails what is under way when it is closed', async () => {
    const arrived = Promise.withResolvers<void>()
    const { connection } = await connected(() => arrived.resolve())
    const running = connection.send({ method: 'GET', path: '/b/k' })
    await Promise.all([
      arrived.promise.then(() => connection.close()),
      expect(running).rejects.toMatchObject({ name: 'NoAnswerError' }),
    ])
  })
})

describe('open', () => {
  it('leaves the body of a good answer to the reader', async () => {
    const { connection } = await connected((_request, response) => response.end('content'))
    const answer = await connection.open({ method: 'GET', path: '/b/k' })
    expect(String(answer.body && (await buffer(answer.body)))).toBe('content')
  })

  it('reads the text of any other answer, up to a limit', async () => {
    const { connection } = await connected((_request, response) => {
      response.statusCode = 404
      response.end(`<Code>NoSuchKey</Code>${'x'.repeat(4 * 1024 * 1024)}`)
    })
    const answer = await connection.open({ method: 'GET', path: '/b/k' })
    expect(answer.body).toBeUndefined()
    expect(answer.text).toContain('NoSuchKey')
    expect(answer.text.length).toBeLessThan(256 * 1024)
  })

  it('waits no longer than its limit for a silent server', async () => {
    const { connection } = await connected(() => undefined, 150)
    const startedAt = performance.now()
    await expect(connection.open({ method: 'GET', path: '/b/k' })).rejects.toThrow('within 150 ms')
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('ends a body that stays away for too long', async () => {
    const { connection } = await connected((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half')
    }, 300)
    const answer = await connection.open({ method: 'GET', path: '/b/k' })
    await expect(answer.body && buffer(answer.body)).rejects.toThrow()
  })
})
