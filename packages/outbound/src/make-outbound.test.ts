import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { LookupFunction } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { makeAuthority } from '../../../test/harness/authority.ts'
import { needs } from '../../../test/harness/needs.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { makeOutbound } from './make-outbound.ts'
import { ask, listen, serve } from './test-server.ts'

describe('a request outside', () => {
  it('gives status, headers and body as they come, and where they came from', async () => {
    const port = await serve((request, response) => {
      response.writeHead(201, { etag: '"a"', 'set-cookie': ['a=1', 'b=2'] })
      request.pipe(response)
    })
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    const url = `http://127.0.0.1:${port}/path?query=1`
    const answer = await request(url, ask({ method: 'POST', body: 'hello' }))
    expect(answer).toMatchObject({ status: 201, url, headers: { etag: '"a"' } })
    expect(await text(answer.body)).toBe('hello')
  })

  it('ends a body that is longer than it may be, said or not', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/said') response.setHeader('content-length', 2000)
      response.end('a'.repeat(2000))
    })
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    for (const path of ['/said', '/chunked']) {
      const { body } = await request(`http://127.0.0.1:${port}${path}`, ask({ bytesMax: 1999 }))
      await expect(buffer(body)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
    }
    const fitting = await request(`http://127.0.0.1:${port}/`, ask({ bytesMax: 2000 }))
    expect(await text(fitting.body)).toHaveLength(2000)
  })

  it('ends where a server goes silent, before the headers and within the body', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/headers') return
      response.write('a')
    })
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    const at = (path: string) => request(`http://127.0.0.1:${port}${path}`, ask({ timeoutMs: 300 }))
    await expect(at('/headers')).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: `http://127.0.0.1:${port}/headers could not be read: UND_ERR_HEADERS_TIMEOUT`,
    })
    const { body } = await at('/body')
    await expect(buffer(body)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
  })

  it('says that a body broke off, and that nobody listens', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('a', () => response.destroy())
    })
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    const { body } = await request(`http://127.0.0.1:${port}/`, ask())
    await expect(buffer(body)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    const nobody = request('http://127.0.0.1:9/?signature=secret', ask())
    await expect(nobody).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: 'http://127.0.0.1:9/ could not be read: ECONNREFUSED',
    })
  })

  it('stops with its signal, also while a body arrives, and closes the connection', async () => {
    const server = createServer((_request, response) => response.write('a'))
    const port = await listen(server)
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    const stop = new AbortController()
    const { body } = await request(`http://127.0.0.1:${port}/`, ask({ signal: stop.signal }))
    const read = buffer(body)
    stop.abort(new Error('enough'))
    await expect(read).rejects.toThrow('enough')
    await expect.poll(() => connections(server)).toBe(0)
    const late = request(`http://127.0.0.1:${port}/`, ask({ signal: stop.signal }))
    await expect(late).rejects.toThrow('enough')
  })

  it('closes the connection of a body that is destroyed unread', async () => {
    const server = createServer((_request, response) => response.write('a'))
    const port = await listen(server)
    const { body } = await makeOutbound({ allow: ['127.0.0.1'] }).request(
      `http://127.0.0.1:${port}/`,
      ask(),
    )
    body.destroy()
    await expect.poll(() => connections(server)).toBe(0)
  })

  it('trusts a certificate by its authority only', async (context) => {
    needs(context, 'openssl')
    const authority = makeAuthority(await temporaryFolder())
    const keys = authority.issue(['packages.test', '127.0.0.1'])
    const port = await listen(createSecureServer(keys, (_request, response) => response.end('hi')))
    const allow = ['127.0.0.1']
    const lookup: LookupFunction = (_name, _options, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }])
    const strict = makeOutbound({ allow, lookup })
    const at = (host: string) => `https://${host}:${port}/`
    const failure = { code: 'SOURCE_UNREACHABLE' }
    await expect(strict.request(at('packages.test'), ask())).rejects.toMatchObject(failure)
    const trusting = makeOutbound({ allow, lookup, ca: [readFileSync(authority.path, 'utf8')] })
    const { body } = await trusting.request(at('packages.test'), ask())
    expect(await text(body)).toBe('hi')
    await expect(trusting.request(at('other.test'), ask())).rejects.toMatchObject(failure)
  })
})

describe('a name that is bound anew', () => {
  it('is judged by the very address that is connected to, at each connection', async () => {
    const mine: RequestListener = (_request, response) => {
      response.setHeader('connection', 'close').end('mine')
    }
    const port = await serve(mine, 0, '127.0.0.2')
    let secret = 0
    const hidden: RequestListener = (_request, response) => {
      secret++
      response.end()
    }
    await serve(hidden, port, '127.0.0.1')
    let asked = 0
    const lookup: LookupFunction = (_name, _options, callback) => {
      asked++
      callback(null, [{ address: asked === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }])
    }
    const { request } = makeOutbound({ allow: ['127.0.0.2/32'], lookup })
    const url = `http://rebinding.test:${port}/`
    expect(await text((await request(url, ask())).body)).toBe('mine')
    expect(asked).toBe(1)
    await expect(request(url, ask())).rejects.toMatchObject({ code: 'SOURCE_NOT_ALLOWED' })
    expect({ asked, secret }).toEqual({ asked: 2, secret: 0 })
  })
})

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )
}
