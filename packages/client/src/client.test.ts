import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
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

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
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
    await client.configuration('b1')
    await client.sbom('b1')
    await client.deployment('b1', { code: 'embedded' })
    expect(await client.workers()).toEqual([])
    await client.runtimes()
    await client.limits()
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/builds',
      'POST /v1/batches',
      'GET /v1/builds?state=failed&limit=3',
      'POST /v1/builds/b1/cancel',
      'POST /v1/builds/b1/retry',
      'GET /v1/builds/b1/report',
      'GET /v1/builds/b1/configuration',
      'GET /v1/builds/b1/sbom',
      'GET /v1/builds/b1/deployment?code=embedded',
      'GET /v1/workers',
      'GET /v1/runtimes',
      'GET /v1/limits',
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

  test('asks for what is told outside of a build and of a batch', async () => {
    const { server, client } = await started((response) => response.end('{"items":[]}'))
    expect(await client.notices({ build: 'b1' })).toEqual({ items: [] })
    await client.redeliver({ batch: 'c1' }, 'c1-callback')
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /v1/builds/b1/notices',
      'POST /v1/batches/c1/notices/c1-callback/redeliver',
    ])
  })

  test('asks for batches by their paths, and leaves out filters that are not given', async () => {
    const { server, client } = await started((response) => response.end('{"items":[]}'))
    await client.batches({ limit: 2, cursor: undefined })
    await client.batches()
    await client.batch('c1')
    await client.cancelBatch('c1')
    await client.batchManifest('c1')
    expect(await buffer(await client.downloadBatch('c1'))).toHaveLength(12)
    await client.retryBatch('c1', { idempotencyKey: 'once' })
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /v1/batches?limit=2',
      'GET /v1/batches',
      'GET /v1/batches/c1',
      'POST /v1/batches/c1/cancel',
      'GET /v1/batches/c1/manifest',
      'GET /v1/batches/c1/packages',
      'POST /v1/batches/c1/retry',
    ])
    expect(server.requests.at(-1)?.headers['idempotency-key']).toBe('once')
  })

  test('asks for dependency packages and their revisions by their paths', async () => {
    const { server, client } = await started((response) => {
      response.setHeader('x-content-sha256', sha256('{"items":[]}')).end('{"items":[]}')
    })
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

  test('asks for credentials by their paths', async () => {
    const { server, client } = await started((response) => response.end('{"items":[]}'))
    await client.putCredential('git', { kind: 'git-token', host: 'git.example', token: 'a' })
    await client.credentials()
    await client.removeCredential('git')
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'PUT /v1/credentials/git',
      'GET /v1/credentials',
      'DELETE /v1/credentials/git',
    ])
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({ token: 'a' })
  })

  test('asks for hooks and their deliveries by their paths', async () => {
    const { server, client } = await started((response) => response.end('{"items":[]}'))
    await client.addHook({ provider: 'github', repository: 'https://git.example/a.git' })
    await client.hooks({ limit: 2 })
    await client.hook('h1')
    await client.changeHook('h1', { active: false })
    await client.deliveries('h1')
    await client.deliverAgain('h1', 'd/1')
    await client.removeHook('h1')
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/hooks',
      'GET /v1/hooks?limit=2',
      'GET /v1/hooks/h1',
      'PATCH /v1/hooks/h1',
      'GET /v1/hooks/h1/deliveries',
      'POST /v1/hooks/h1/deliveries/d%2F1/redeliver',
      'DELETE /v1/hooks/h1',
    ])
  })

  test('keeps an id that is none within its path', async () => {
    const { server, client } = await started((response) => response.end('{}'))
    await client.build('../workers?x=1#y')
    await client.removeFile('hello', '数据/a b%.bin')
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/v1/builds/..%2Fworkers%3Fx%3D1%23y',
      '/v1/functions/hello/files/%E6%95%B0%E6%8D%AE/a%20b%25.bin',
    ])
  })

  test.each(['', '.', '..'])('asks for nothing at %j, which a URL takes for a step', (name) => {
    const client = packlineClient({ url: 'http://127.0.0.1:1', key: 'k' })
    const refused = expect.objectContaining({ code: 'INVALID_REQUEST' })
    expect(() => client.removeFunction(name)).toThrow(refused)
    expect(() => client.removeFile('hello', `lib/${name}/../aliases`)).toThrow(refused)
  })

  test('reads and writes online files as they are, each on what was seen', async () => {
    const bytes = Buffer.from([0, 255, 1])
    const { server, client } = await started((response, { method }) => {
      response.setHeader('etag', '"one"').end(method === 'GET' ? bytes : '{"version":2}')
    })
    expect(await client.file('hello', 'a.bin')).toEqual({ bytes, etag: '"one"' })
    await client.writeFile('hello', 'a.bin', 'text', { ifMatch: '"one"', executable: false })
    await client.makeFolder('hello', 'empty')
    const [, written, folder] = server.requests
    expect(written).toMatchObject({
      method: 'PUT',
      url: '/v1/functions/hello/files/a.bin?executable=false',
      headers: { 'if-match': '"one"' },
      body: 'text',
    })
    expect(folder).toMatchObject({ url: '/v1/functions/hello/files/empty?kind=folder', body: '' })
    expect(folder?.headers['if-match']).toBeUndefined()
  })

  test('throws where a file is cut in the middle', async () => {
    const { client } = await started((response) => {
      response.writeHead(200, { 'content-length': '100', etag: '"one"' }).write('{"id":')
      setTimeout(() => response.destroy(), 20)
    })
    await expect(client.file('hello', 'a')).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
  })

  test('sends a file as it is, and reads a package and a log as they are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'packline-client-'))
    const path = join(folder, 'x.zip')
    const bytes = Buffer.alloc(300_000, 'zip')
    await writeFile(path, bytes)
    const { server, client } = await started((response, { url }) => {
      response.setHeader('x-content-sha256', sha256(bytes))
      response.end(url?.includes('/uploads') ? '{"upload":"u","format":"zip"}' : bytes)
    })
    const query = { entryNameEncoding: 'gb18030' } as const
    const answer = await client.upload(createReadStream(path), bytes.length, query)
    expect(server.requests[0]?.url).toBe('/v1/uploads?entryNameEncoding=gb18030')
    expect(answer).toEqual({ upload: 'u', format: 'zip' })
    expect(server.requests[0]?.body).toBe(bytes.toString())
    expect(server.requests[0]?.headers['content-length']).toBe('300000')
    expect((await buffer(await client.download('b1'))).equals(bytes)).toBe(true)
    expect(await client.log('b1')).toBe(bytes.toString())
    await rm(folder, { recursive: true })
  })

  test('follows a log to where the server has no more of it', async () => {
    const { server, client } = await started((response, _request, count) => {
      if (count === 2) return response.writeHead(204).end()
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(sent(1, { text: 'one\n' }) + sent(2, { text: 'two\n' }))
    })
    const pieces = await Array.fromAsync(client.logEvents('b1'))
    expect(pieces).toEqual([{ text: 'one\n' }, { text: 'two\n' }])
    expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2'])
    expect(server.requests[0]?.url).toBe('/v1/builds/b1/log')
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
