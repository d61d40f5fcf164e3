import { once } from 'node:events'
import { createServer as createWebServer } from 'node:http'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { ask, closeAll, gateway, get, listen, open } from './test-gateway.ts'

afterEach(closeAll)

/** Says what it is sent, in large letters, and hangs up at "bye". */
function echo() {
  return createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      if (bytes.toString() === 'bye') socket.destroy()
      else socket.write(bytes.toString().toUpperCase())
    })
  })
}

describe('a tunnel', () => {
  it('leads to a named server, both ways, until one side hangs up', async () => {
    const port = await listen(echo())
    const reach = [{ host: '127.0.0.1', port }]
    const { port: door, lines } = await gateway({ reach })
    const { socket, status } = await ask(door, `127.0.0.1:${port}`)
    expect(status).toBe('200 Connection established')
    socket.write('words')
    expect(String((await once(socket, 'data'))[0])).toBe('WORDS')
    socket.write('bye')
    await once(socket, 'close')
    expect(lines).toEqual([])
  })

  it('takes what the command sends before the answer', async () => {
    const port = await listen(echo())
    const { port: door } = await gateway({ reach: [{ host: 'LocalHost', port }] })
    const socket = await open(door)
    socket.write(`CONNECT localhost:${port} HTTP/1.1\r\nHost: x\r\n\r\nearly`)
    let received = ''
    socket.on('data', (bytes) => {
      received += bytes
      if (received.endsWith('EARLY')) socket.end()
    })
    await once(socket, 'close')
    expect(received).toBe('HTTP/1.1 200 Connection established\r\n\r\nEARLY')
  })

  it('is refused to everything else, with a line for each server and few in all', async () => {
    let visits = 0
    const other = await listen(createServer(() => visits++))
    const { port: door, lines } = await gateway({ reach: [{ host: '127.0.0.1', port: 1 }] })
    const others = [`127.0.0.1:${other}`, 'localhost:1', '127.0.0.1:01x', '[::ffff:127.0.0.1]:1']
    for (const authority of [...others, '127.1:1', '127.0.0.1.:1', '127.0.0.1', '@127.0.0.1:1']) {
      expect((await ask(door, authority)).status, authority).toBe('403 Forbidden')
    }
    const first = `network: 127.0.0.1:${other} was refused: this command may reach 127.0.0.1:1`
    expect(lines[0]).toBe(first)
    await ask(door, `127.0.0.1:${other}`)
    expect(lines.filter((line) => line === first)).toHaveLength(1)
    for (let port = 1000; port < 1030; port++) await ask(door, `host.example:${port}`)
    expect(lines).toHaveLength(20)
    expect(lines.at(-1)).toBe('network: more was refused, which is not shown')
    expect(visits).toBe(0)
  })

  it('says why a server can not be reached: no such name, nobody listens', async () => {
    const port = await listen(createServer())
    await closeAll()
    const unknown = { host: 'no-such-host.invalid', port: 443 }
    const { port: door, lines } = await gateway({ reach: [unknown, { host: '127.0.0.1', port }] })
    expect((await ask(door, 'no-such-host.invalid:443')).status).toBe('502 Bad Gateway')
    expect((await ask(door, `127.0.0.1:${port}`)).status).toBe('502 Bad Gateway')
    expect(lines[0]).toMatch(
      /^network: no-such-host\.invalid:443 could not be reached: .*(ENOTFOUND|EAI_AGAIN)/,
    )
    expect(lines[1]).toMatch(new RegExp(`127.0.0.1:${port} could not be reached: .*ECONNREFUSED`))
  })

  it('is unreached until its server answers', async () => {
    const port = await listen(createServer())
    await closeAll()
    const place = `127.0.0.1:${port}`
    const { port: door, unreached } = await gateway({ reach: [{ host: '127.0.0.1', port }] })
    await ask(door, place)
    expect((await get(door, `http://${place}/`)).status).toBe(502)
    expect(unreached()).toEqual([place])
    const server = createWebServer((_request, response) => response.end('here')).listen(port)
    await once(server, 'listening')
    expect((await get(door, `http://${place}/`)).status).toBe(200)
    expect(unreached()).toEqual([])
    server.close()
  })

  it('is one of a hundred at most', async () => {
    const port = await listen(echo())
    const { port: door, lines } = await gateway({ reach: [{ host: '127.0.0.1', port }] })
    const asked = Array.from({ length: 120 }, () => ask(door, `127.0.0.1:${port}`))
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses.filter((status) => status?.startsWith('200'))).toHaveLength(100)
    expect(statuses.filter((status) => status === '503 Service Unavailable')).toHaveLength(20)
    expect(lines).toEqual(['network: more than 100 connections at once were refused'])
  })

  it('ends with the command, and so does what is still being connected', async () => {
    const port = await listen(echo())
    const { port: door, close } = await gateway({ reach: [{ host: '127.0.0.1', port }] })
    const { socket } = await ask(door, `127.0.0.1:${port}`)
    const idle = await open(door)
    const ended = Promise.all([once(socket, 'close'), once(idle, 'close')])
    close()
    await ended
    await once(await open(door), 'close')
  })
})

describe('a plain http request', () => {
  it('is repeated to a named server, without what is meant for the proxy', async () => {
    const server = createWebServer(async (got, response) => {
      const own = { 'x-seen': JSON.stringify(got.headers), 'x-two': ['a', 'b'] }
      response.writeHead(201, own).end(`${got.method} ${got.url} ${await text(got)}`)
    })
    const port = await listen(server)
    const { port: door, lines } = await gateway({ reach: [{ host: '127.0.0.1', port }] })
    const answer = await get(
      door,
      `http://127.0.0.1:${port}/a%20b?c=d`,
      'POST',
      '中'.repeat(50_000),
    )
    expect(answer).toMatchObject({ status: 201, body: `POST /a%20b?c=d ${'中'.repeat(50_000)}` })
    expect(answer.headers['x-two']).toBe('a, b')
    const seen = JSON.parse(String(answer.headers['x-seen']))
    expect(seen).toMatchObject({ host: `127.0.0.1:${port}`, 'x-own': 'kept' })
    expect(seen).not.toHaveProperty('proxy-authorization')
    expect(lines).toEqual([])
  })

  it('is refused to everything else, and to the gateway itself', async () => {
    const { port: door, lines } = await gateway({ reach: [{ host: 'git.test', port: 80 }] })
    expect(await get(door, 'http://127.0.0.1:6379/')).toMatchObject({ status: 403 })
    expect(await get(door, 'http://git.test:8080/')).toMatchObject({ status: 403 })
    expect(await get(door, '/')).toMatchObject({ status: 400 })
    expect(await get(door, 'https://git.test/')).toMatchObject({ status: 400 })
    expect(lines).toHaveLength(2)
  })

  it('is answered with 502 where the server hangs up, and ended where it does so later', async () => {
    const server = createWebServer((got, response) => {
      if (got.url === '/at-once') return void got.socket.destroy()
      response.writeHead(200, { 'content-length': 100 }).write('half')
      setTimeout(() => got.socket.destroy(), 20)
    })
    const port = await listen(server)
    const { port: door, lines } = await gateway({ reach: [{ host: '127.0.0.1', port }] })
    expect(await get(door, `http://127.0.0.1:${port}/at-once`)).toMatchObject({ status: 502 })
    await expect(get(door, `http://127.0.0.1:${port}/later`)).rejects.toThrow('aborted')
    await expect.poll(() => lines).toHaveLength(2)
  })
})

describe("the worker's own proxy", () => {
  /** Answers for every server itself, and remembers how it was asked. */
  async function upstream(status = 200) {
    const asked: string[] = []
    const server = createWebServer((got, response) => {
      asked.push(`${got.method} ${got.url} ${got.headers['proxy-authorization']}`)
      response.end('from the proxy')
    })
    server.on('connect', (got, socket) => {
      asked.push(`CONNECT ${got.url} ${got.headers['proxy-authorization']}`)
      socket.on('error', () => undefined)
      socket.write(`HTTP/1.1 ${status} Told\r\n\r\n`)
      socket.on('data', (bytes: Buffer) => socket.write(`${bytes} there`))
    })
    return { asked, port: await listen(server) }
  }
  const reach = [
    { host: 'git.test', port: 443 },
    { host: 'git.test', port: 80 },
  ]
  const basic = `Basic ${Buffer.from('me:s3cret').toString('base64')}`

  it('is asked for the server, with its password, which no line repeats', async () => {
    const { asked, port } = await upstream()
    const address = `http://me:s3cret@127.0.0.1:${port}`
    const env = { HTTPS_PROXY: address, HTTP_PROXY: address }
    const { port: door, lines } = await gateway({ reach, env })
    const { socket, status } = await ask(door, 'git.test:443')
    expect(status).toBe('200 Connection established')
    socket.write('hello')
    expect(String((await once(socket, 'data'))[0])).toBe('hello there')
    expect(await get(door, 'http://git.test/a')).toMatchObject({ body: 'from the proxy' })
    expect(asked).toEqual([`CONNECT git.test:443 ${basic}`, `GET http://git.test/a ${basic}`])
    expect((await ask(door, 'other.test:443')).status).toBe('403 Forbidden')
    expect(asked).toHaveLength(2)
    expect(lines.join()).not.toContain('s3cret')
  })

  it('may refuse, or be away: then the server could not be reached', async () => {
    const { port } = await upstream(407)
    const refusing = await gateway({ reach, env: { https_proxy: `127.0.0.1:${port}` } })
    expect((await ask(refusing.port, 'git.test:443')).status).toBe('502 Bad Gateway')
    expect(refusing.lines).toEqual([
      'network: git.test:443 could not be reached: the proxy answered 407',
    ])
    const away = await gateway({ reach, env: { https_proxy: 'http://me:s3cret@127.0.0.1:1' } })
    expect((await ask(away.port, 'git.test:443')).status).toBe('502 Bad Gateway')
    expect(away.lines.join()).toMatch(/ECONNREFUSED/)
    expect(away.lines.join()).not.toContain('s3cret')
  })
})
