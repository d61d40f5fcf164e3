import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { connect } from './connection.ts'
import { serve, type TestServer } from './test/serve.ts'

const servers: TestServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function answering(status: number, body: string, type = 'application/problem+json') {
  const server = await serve((response) => {
    response.writeHead(status, { 'content-type': type }).end(body)
  })
  servers.push(server)
  return connect({ url: server.url, key: 'secret' })
}

describe('an answer', () => {
  test('is JSON', async () => {
    const connection = await answering(200, '{"id":"b1"}')
    expect(await connection.json('/v1/builds/b1')).toEqual({ id: 'b1' })
  })

  test('that is a problem is thrown as the failure it names, with all it says', async () => {
    const problem = {
      code: 'HANDLER_FORM',
      detail: 'handler is "x"',
      hint: 'Name it.',
      at: 'handler',
      current: { version: 3, etag: '"draft-3"' },
    }
    const connection = await answering(400, JSON.stringify(problem))
    await expect(connection.json('/')).rejects.toMatchObject({
      code: 'HANDLER_FORM',
      message: 'handler is "x"',
      hint: 'Name it.',
      at: 'handler',
      current: { version: 3, etag: '"draft-3"' },
    })
  })

  test('is asked for in a language, and a problem in Chinese is kept as one', async () => {
    const server = await serve((response) => {
      response.writeHead(404).end('{"code":"NOT_FOUND","detail":"没有构建","hint":"请检查标识。"}')
    })
    servers.push(server)
    const chinese = connect({ url: server.url, key: 'secret', language: 'zh' })
    const told = { message: '没有构建', zh: { detail: '没有构建', hint: '请检查标识。' } }
    await expect(chinese.json('/')).rejects.toMatchObject(told)
    const english = connect({ url: server.url, key: 'secret' })
    await expect(english.json('/')).rejects.toMatchObject({ zh: undefined })
    const asked = server.requests.map(({ headers }) => headers['accept-language'])
    expect(asked).toEqual(['zh', 'en'])
  })

  test.each([
    [418, 'INVALID_REQUEST'],
    [507, 'SERVER_UNREACHABLE'],
  ])(
    'of a newer server, with a failure that is not known: by its status %i',
    async (status, code) => {
      const connection = await answering(status, '{"code":"BREWING","detail":"no coffee"}')
      await expect(connection.json('/')).rejects.toMatchObject({ code, message: 'no coffee' })
    },
  )

  test.each([
    [502, '<html>bad gateway</html>', 'The server answered 502 without saying why'],
    [301, '', 'The server answered 301 without saying why'],
    [200, '<html>a portal</html>', 'does not answer as it should'],
    [500, 'x'.repeat(10_000_000), 'The server answered 500 without saying why'],
  ])('of something else, %i, is a server that can not be reached', async (status, body, said) => {
    const connection = await answering(status, body, 'text/html')
    await expect(connection.json('/')).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: expect.stringContaining(said),
    })
  })

  test('that is cut in the middle is a server that can not be reached', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"id":')
      setTimeout(() => response.destroy(), 20)
    })
    servers.push(server)
    const { json } = connect({ url: server.url, key: 'secret' })
    await expect(json('/')).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
  })
})

describe('a server', () => {
  test('that is away is said with its address and what to do', async () => {
    const server = await serve(() => undefined)
    await server.close()
    await expect(connect({ url: server.url, key: 'k' }).json('/')).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ does not answer as it should: \S/),
      hint: expect.stringContaining('npm start'),
    })
  })

  test('that never answers is left when the signal aborts, with its reason', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const { json } = connect({ url: `http://127.0.0.1:${port}`, key: 'k' })
    const abort = new AbortController()
    const asked = json('/', { signal: abort.signal })
    setTimeout(() => abort.abort(new Error('enough')), 50)
    await expect(asked).rejects.toThrow('enough')
    server.close()
  })

  test.each(['localhost:8080', 'file:///tmp', 'nonsense', ''])('is not named "%s"', (url) => {
    expect(() => connect({ url, key: 'k' })).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST', message: expect.stringContaining(url) }),
    )
  })
})
