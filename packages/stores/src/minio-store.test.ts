import { hash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { Client } from 'minio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MinioOptions, minioStore } from './minio-store.ts'
import type { Store } from './store.ts'

const url = new URL(testStoreUrl())
const real: MinioOptions = {
  endpoint: `${url.protocol.replace('s3+', '')}//${url.host}`,
  bucket: `minio-store-${randomUUID().slice(0, 8)}`,
  region: url.searchParams.get('region') ?? 'us-east-1',
  accessKey: decodeURIComponent(url.username),
  secretKey: decodeURIComponent(url.password),
}
const bytes = randomBytes(600)
const sha256 = hash('sha256', bytes)
const client = new Client({
  endPoint: url.hostname,
  port: Number(url.port),
  useSSL: real.endpoint.startsWith('https'),
  accessKey: real.accessKey,
  secretKey: real.secretKey,
})

function testStoreUrl(): string {
  const value = process.env.PACKLINE_TEST_STORE_URL
  if (value) return value
  throw new Error('PACKLINE_TEST_STORE_URL is not set: run the tests by "npm test"')
}

let store: Store
beforeAll(async () => {
  store = minioStore(real)
  await store.prepare()
})
afterAll(async () => {
  for await (const { key } of store.list('')) await store.remove(key)
  await store.close()
  await client.removeBucket(real.bucket)
})

describe('minioStore', () => {
  it('stores what another client reads, with its type', async () => {
    await store.put('a/b c.zip', { bytes }, { sha256, contentType: 'application/zip' })
    expect((await buffer(await client.getObject(real.bucket, 'a/b c.zip'))).equals(bytes)).toBe(
      true,
    )
    const { metaData } = await client.statObject(real.bucket, 'a/b c.zip')
    expect(metaData['content-type']).toBe('application/zip')
  })

  it('leaves no incomplete upload, whatever became of a put', async () => {
    const large = randomBytes(20 * 1024 * 1024)
    const wrong = store.put('left/wrong', { bytes: large }, { sha256 })
    await expect(wrong).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' })
    const signal = AbortSignal.timeout(2)
    const options = { sha256: hash('sha256', large), signal }
    const cut = store.put('left/cut', { bytes: large }, options)
    await expect(cut).rejects.toMatchObject({ name: 'TimeoutError' })
    const uploads = await client.listIncompleteUploads(real.bucket, 'left/', true).toArray()
    expect(uploads).toEqual([])
  })

  it.each([
    ['the access key', { accessKey: 'nobody' }],
    ['the secret', { secretKey: 'hunter2-hunter2' }],
  ])('says that %s is wrong, at once and without the secret', async (_title, wrongOption) => {
    const stranger = minioStore({ ...real, ...wrongOption })
    const startedAt = performance.now()
    for (const call of [
      () => stranger.put('a', { bytes }, { sha256 }),
      () => stranger.get('a'),
      () => stranger.head('a'),
      () => stranger.prepare(),
      () => stranger.ping(),
      () => stranger.remove('a'),
    ]) {
      const error = await call().catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' })
      expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
    }
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    await stranger.close()
  })

  it('says that the bucket is missing, and how to make it', async () => {
    const missing = minioStore({ ...real, bucket: 'packline-no-such-bucket' })
    const failure = { code: 'STORE_UNAVAILABLE', hint: expect.stringContaining('no-such-bucket') }
    await expect(missing.put('a', { bytes }, { sha256 })).rejects.toMatchObject(failure)
    await expect(missing.get('a')).rejects.toMatchObject(failure)
    await expect(missing.ping()).rejects.toMatchObject(failure)
    await missing.close()
  })

  it('makes its bucket once, when many processes start together', async () => {
    const options = { ...real, bucket: `${real.bucket}-made` }
    const stores = Array.from({ length: 5 }, () => minioStore(options))
    await Promise.all(stores.map((one) => one.prepare()))
    await stores[0]?.ping()
    await Promise.all(stores.map((one) => one.close()))
    await client.removeBucket(options.bucket)
  })
})

describe('minioStore behind a faulty network', () => {
  it('sends one PUT per object and asks nothing before or after it', async () => {
    const network = await faultyNetwork(() => 'pass')
    await network.store.put('one/put', { bytes }, { sha256 })
    expect(network.seen).toEqual([`PUT /${real.bucket}/one/put`])
    await network.close()
  })

  it.each(['busy', 'cut'] as const)(
    'tries a put again after "%s", with a whole body',
    async (fault) => {
      const folder = await mkdtemp(join(tmpdir(), 'packline-retry-'))
      const large = randomBytes(3 * 1024 * 1024)
      const content = { path: join(folder, 'large'), size: large.length }
      await writeFile(content.path, large)
      const network = await faultyNetwork((count) => (count <= 2 ? fault : 'pass'))
      await network.store.put(`retried/${fault}`, content, { sha256: hash('sha256', large) })
      expect(network.seen.length).toBe(3)
      const found = await store.get(`retried/${fault}`)
      expect(found && (await buffer(found.stream)).equals(large)).toBe(true)
      await network.close()
      await rm(folder, { recursive: true })
    },
  )

  it('tries head, get and remove again', async () => {
    await store.put('again', { bytes }, { sha256 })
    const network = await faultyNetwork((count) => (count % 2 ? 'busy' : 'pass'))
    expect(await network.store.head('again')).toMatchObject({ size: bytes.length })
    const found = await network.store.get('again')
    expect(found && (await buffer(found.stream)).equals(bytes)).toBe(true)
    await network.store.remove('again')
    expect(await store.head('again')).toBeUndefined()
    await network.close()
  })

  it('gives up in bounded time on a server that is always busy, saying so', async () => {
    const network = await faultyNetwork(() => 'busy')
    const startedAt = performance.now()
    await expect(network.store.put('busy', { bytes }, { sha256 })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('it answered 503 SlowDown'),
    })
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    await network.close()
  })

  it.each(['list', 'remove', 'prepare'] as const)('ends %s when nothing answers', async (name) => {
    const network = await faultyNetwork(() => 'silent')
    const calls = {
      list: () => network.store.list('a').next(),
      remove: () => network.store.remove('a'),
      prepare: () => network.store.prepare(),
    }
    const startedAt = performance.now()
    await expect(calls[name]()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    await network.close()
  })
})

type Fault = 'pass' | 'busy' | 'cut' | 'silent'

/** The real server behind a proxy that does to the n-th request what the test says. */
async function faultyNetwork(faultOf: (count: number) => Fault) {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    meet(faultOf(seen.length), request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  const proxied = minioStore({
    ...real,
    endpoint: `http://127.0.0.1:${address.port}`,
    timeoutMs: 500,
    retries: { withinMs: 1_000 },
  })
  return {
    seen,
    store: { ...proxied, list: (prefix: string) => proxied.list(prefix)[Symbol.asyncIterator]() },
    async close() {
      await proxied.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

function meet(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault === 'silent') return
  if (fault === 'cut') {
    request.once('data', () => request.socket.destroy())
    return
  }
  if (fault === 'busy') {
    request.resume().once('end', () => {
      response.statusCode = 503
      response.end('<Error><Code>SlowDown</Code></Error>')
    })
    return
  }
  // The signature covers the host's name, which the client took for the proxy's: sign nothing anew,
  // but let the server see the name that was signed.
  const { method, url: path, headers } = request
  const upstream = forward(`${real.endpoint}${path}`, { method, headers, setHost: false })
  upstream.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  request.pipe(upstream)
}
