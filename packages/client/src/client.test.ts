import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { packlineClient } from './client.ts'
import { sent, serve, type TestServer } from './test/serve.ts'

const servers: TestServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function started(handler: Parameters<typeof serve>[0]) {
  const server = await serve(handler)
  servers.push(server)
  return { server, client: packlineClient({ url: server.url, key: 'secret' }) }
}

const hello = {
  function: 'hello',
  runtime: 'nodejs',
  source: { kind: 'inline', files: { 'index.js': '' } },
} as const

describe('the client', () => {
  test('asks with its key, on the path and in the form of each call', async () => {
    const { server, client } = await started((response) => response.end('{"items":[]}'))
    await client.submit(hello, { idempotencyKey: 'once' })
    await client.submitBatch({ builds: [hello] })
    await client.builds({ state: 'failed', limit: '3' })
    await client.cancel('b1')
    await client.retry('b1')
    await client.report('b1')
    expect(await client.workers()).toEqual([])
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/builds',
      'POST /v1/batches',
      'GET /v1/builds?state=failed&limit=3',
      'POST /v1/builds/b1/cancel',
      'POST /v1/builds/b1/retry',
      'GET /v1/builds/b1/report',
      'GET /v1/workers',
    ])
    const [first, second] = server.requests
    expect(JSON.parse(first?.body ?? '')).toEqual(hello)
    expect(first?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'content-type': 'application/json',
      'idempotency-key': 'once',
    })
    expect(second?.headers['idempotency-key']).toBeUndefined()
  })

  test('asks for dependency packages and their revisions by their paths', async () => {
    const { server, client } = await started((response) => response.end('{"items":[]}'))
    const { function: _function, ...rest } = hello
    await client.addDependency({ ...rest, name: 'libs' }, { idempotencyKey: 'once' })
    await client.dependencies({ limit: '3' })
    await client.dependency('a/b')
    await client.revisions('libs', { cursor: '7' })
    await client.revision('libs', 2)
    expect(await buffer(await client.downloadRevision('libs', 2))).toHaveLength(12)
    await client.removeDependency('libs')
    await client.removeDependency('libs', 2)
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/dependencies',
      'GET /v1/dependencies?limit=3',
      'GET /v1/dependencies/a%2Fb',
      'GET /v1/dependencies/libs/revisions?cursor=7',
      'GET /v1/dependencies/libs/revisions/2',
      'GET /v1/dependencies/libs/revisions/2/package',
      'DELETE /v1/dependencies/libs',
      'DELETE /v1/dependencies/libs/revisions/2',
    ])
    expect(server.requests[0]?.headers['idempotency-key']).toBe('once')
  })

  test('keeps an id that is none within its path', async () => {
    const { server, client } = await started((response) => response.end('{}'))
    await client.build('../workers?x=1#y')
    expect(server.requests[0]?.url).toBe('/v1/builds/..%2Fworkers%3Fx%3D1%23y')
  })

  test('sends a file as it is, and reads a package and a log as they are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'packline-client-'))
    const path = join(folder, 'x.zip')
    const bytes = Buffer.alloc(300_000, 'zip')
    await writeFile(path, bytes)
    const { server, client } = await started((response, { url }) =>
      response.end(url?.endsWith('/uploads') ? '{"upload":"u","format":"zip"}' : bytes),
    )
    const answer = await client.upload(createReadStream(path), bytes.length)
    expect(answer).toEqual({ upload: 'u', format: 'zip' })
    expect(server.requests[0]?.body).toBe(bytes.toString())
    expect(server.requests[0]?.headers['content-length']).toBe('300000')
    expect((await buffer(await client.download('b1'))).equals(bytes)).toBe(true)
    expect(await client.log('b1')).toBe(bytes.toString())
    await rm(folder, { recursive: true })
  })

  test('follows a build to its end and a batch to its last build', async () => {
    const { client } = await started((response, { url }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const counts = { total: 1, queued: 0, running: 0, succeeded: 1, failed: 0, cancelled: 0 }
      const running = { ...counts, running: 1, succeeded: 0 }
      if (url?.startsWith('/v1/batches')) {
        response.write(sent(1, { seq: 1, state: 'running', counts: running }))
        response.end(sent(2, { seq: 2, state: 'succeeded', counts }))
      } else {
        response.write(sent(1, { seq: 1, type: 'queued' }))
        response.end(sent(2, { seq: 2, type: 'cancelled' }))
      }
    })
    const events = await Array.fromAsync(client.events('b1'))
    expect(events.map(({ type }) => type)).toEqual(['queued', 'cancelled'])
    const changes = await Array.fromAsync(client.batchEvents('c1'))
    expect(changes.map(({ state }) => state)).toEqual(['running', 'succeeded'])
  })
})

test('a process that has used the client ends by itself', async () => {
  const { server } = await started((response) => {
    response.setHeader('keep-alive', 'timeout=60')
    response.end('{"id":"b1"}')
  })
  const module = join(import.meta.dirname, 'index.ts')
  const script = `import { packlineClient } from ${JSON.stringify(module)}
console.log((await packlineClient({ url: '${server.url}', key: 'k' }).build('b1')).id)`
  const started_ = performance.now()
  const argv = ['--input-type=module', '-e', script]
  const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: 20_000 })
  expect(stdout).toBe('b1\n')
  expect(performance.now() - started_).toBeLessThan(15_000)
})
