import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BuildRequestInput } from '@packline/shared'
import { afterEach, describe, expect, test } from 'vitest'
import { packlineClient } from '../client.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

type Take = (chunks: AsyncIterable<Buffer>, response: ServerResponse) => Promise<void>

/** A client of a server that reads a body as it likes. */
async function reading(take: Take) {
  const headers: NodeJS.Dict<string | string[]>[] = []
  const urls: (string | undefined)[] = []
  const server = createServer((request, response) => {
    headers.push(request.headers)
    urls.push(request.url)
    take(request.iterator({ destroyOnReturn: false }), response).catch(() => undefined)
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const client = packlineClient({ url: `http://127.0.0.1:${port}`, key: 'k' })
  return { client, headers, urls }
}

function build(name: string, text = ''): BuildRequestInput {
  const source = { kind: 'inline' as const, files: { 'index.js': text } }
  return { function: name, runtime: 'nodejs', handler: 'index.handler', source }
}

const ACCEPTED = '{"id":"c1","builds":[],"events":""}'

describe('builds that are given one by one', () => {
  test('are the lines of one body, with what stands beside them in query and header', async () => {
    let body = ''
    const { client, headers, urls } = await reading(async (chunks, response) => {
      for await (const chunk of chunks) body += chunk
      response.end(ACCEPTED)
    })
    const builds = [build('one'), build('two')]
    const options = { labels: { team: 'a', why: 'b:c' }, partial: true, idempotencyKey: 'once' }
    expect(await client.submitBuilds(builds, options)).toMatchObject({ id: 'c1' })
    expect(body).toBe(builds.map((one) => `${JSON.stringify(one)}\n`).join(''))
    expect(urls).toEqual(['/v1/batches?label=team%3Aa&label=why%3Ab%3Ac&partial=true'])
    expect(headers[0]).toMatchObject({
      'content-type': 'application/x-ndjson',
      'idempotency-key': 'once',
    })
  })

  test('are made as they are taken: of 100 MB no more than sockets hold is ahead', async () => {
    const [count, bytes] = [10_000, 10_000]
    const text = 'x'.repeat(bytes)
    let [made, taken, ahead] = [0, 0, 0]
    async function* builds() {
      for (; made < count; made++) yield build(`f${made}`, text)
    }
    const { client } = await reading(async (chunks, response) => {
      for await (const chunk of chunks) {
        taken += chunk.length
        ahead = Math.max(ahead, made * bytes - taken)
      }
      response.end(ACCEPTED)
    })
    await client.submitBuilds(builds())
    expect(made).toBe(count)
    expect(taken).toBeGreaterThan(count * bytes)
    expect(ahead).toBeLessThan(20_000_000)
  })

  test('are asked for no further once the server has refused one', async () => {
    let isClosed = false
    async function* builds() {
      try {
        for (let at = 0; ; at++) yield build(`f${at}`, 'x'.repeat(10_000))
      } finally {
        isClosed = true
      }
    }
    const { client } = await reading(async (chunks, response) => {
      for await (const _ of chunks) break
      response.writeHead(400, { 'content-type': 'application/problem+json' })
      response.end('{"code":"HANDLER_FORM","detail":"line 1: it is none","at":"handler"}')
    })
    await expect(client.submitBuilds(builds())).rejects.toMatchObject({
      code: 'HANDLER_FORM',
      message: 'line 1: it is none',
    })
    await expect.poll(() => isClosed).toBe(true)
  })

  test('that fail themselves are their own error, and the body does not end', async () => {
    const ended = Promise.withResolvers<boolean>()
    async function* builds() {
      yield build('one')
      throw new TypeError('no more of them')
    }
    const { client } = await reading(async (chunks) => {
      await Array.fromAsync(chunks).then(
        () => ended.resolve(true),
        () => ended.resolve(false),
      )
    })
    await expect(client.submitBuilds(builds())).rejects.toThrow(new TypeError('no more of them'))
    expect(await ended.promise).toBe(false)
  })

  test('for a server that is away are a server that can not be reached', async () => {
    const { client } = await reading(async () => undefined)
    servers[0]?.close()
    servers[0]?.closeAllConnections()
    async function* builds() {
      for (let at = 0; ; at++) yield build(`f${at}`)
    }
    await expect(client.submitBuilds(builds())).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    })
  })
})
