import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { openArchive } from '@packline/archive'
import type { BuildRequestInput, BuildView } from '@packline/shared'
import { storeFromUrl } from '@packline/stores'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { craftTarGz } from '../../packages/archive/src/test/craft-tar.ts'
import { makeTestBucket, type TestBucket } from '../harness/bucket.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { zipOf } from '../harness/subject.ts'

const PROFILE = join(import.meta.dirname, '../../profiles/ctyun-functiongraph.yaml')
const CANARY = 'canary-Xw3v-never-seen'
const HELLO = 'exports.handler = async () => "hello"\n'

let line: TestLine
let users: TestBucket
let server: Server
let folder: string
/** What the server outside gives, by path. */
const files = new Map<string, Buffer>()

beforeAll(async () => {
  users = await makeTestBucket()
  server = createServer(({ url = '' }, response) => {
    const bytes = files.get(new URL(url, 'http://x').pathname)
    response.writeHead(bytes ? 200 : 404).end(bytes)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { accessKeyId: _id, secretAccessKey: _secret, ...store } = users.store
  const far = { ...store, name: 'far', region: 'far-away', buckets: ['far-code'] }
  folder = await mkdtemp(join(tmpdir(), 'packline-sources-'))
  const profile = join(folder, 'profile.yaml')
  const text = await readFile(PROFILE, 'utf8')
  await writeFile(profile, text.replace('region: cn-default', `region: ${store.region}`))
  line = await startTestLine({
    environment: {
      PACKLINE_PROFILE: profile,
      PACKLINE_OBJECT_STORES: JSON.stringify([store, far]),
      PACKLINE_OUTBOUND_ALLOW: `127.0.0.1:${portOf(server)}`,
      PACKLINE_LOG_LEVEL: 'debug',
    },
  })
})
afterAll(async () => {
  await line.stop()
  server.close()
  await users.remove()
  await rm(folder, { recursive: true })
})

function portOf(one: Server): number {
  return (one.address() as AddressInfo).port
}

function served(path: string, bytes: Buffer): { url: string; sha256: string } {
  files.set(path, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { url: `http://127.0.0.1:${portOf(server)}${path}`, sha256 }
}

async function built(
  source: BuildRequestInput['source'],
  more: Partial<BuildRequestInput> = {},
): Promise<BuildView> {
  const request = { function: 'hello', runtime: 'nodejs', handler: 'index.handler' } as const
  const { id } = await line.client.submit({ ...request, ...more, source })
  await Array.fromAsync(line.client.events(id))
  return line.client.build(id)
}

async function pathsOf(id: string): Promise<string[]> {
  const limits = { entriesMax: 1000, unpackedBytesMax: 1e9, ratioMax: 1100 }
  const bytes = await buffer(await line.client.download(id))
  const archive = await openArchive({ bytes }, { limits })
  await archive.close()
  return archive.entries.map(({ path }) => path).sort()
}

describe('an object', () => {
  test("is built with the tenant's own credential, and the report says which one it was", async () => {
    const bytes = await zipOf({ 'index.js': HELLO })
    const address = await users.put('team/hello.zip', bytes)
    const before = await built({ kind: 'object', address })
    expect(before).toMatchObject({ state: 'failed', failure: { code: 'SOURCE_NOT_ALLOWED' } })
    const { accessKeyId, secretAccessKey } = users.store
    const credential = { kind: 'object', store: 'main', accessKeyId, secretAccessKey } as const
    await line.client.putCredential('objects', credential)
    const build = await built({ kind: 'object', address })
    expect(build).toMatchObject({ state: 'succeeded' })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const report = await line.client.report(build.id)
    expect(report).toMatchObject({
      as: 'package',
      asBecause: 'it declares no dependencies',
      pin: { kind: 'object', address, etag: expect.any(String), sha256, size: bytes.length },
    })
    // Finished and right, it is passed on as it is.
    expect(report.package?.sha256).toBe(sha256)
    const events = await Array.fromAsync(line.client.events(build.id))
    expect(events).toContainEqual(expect.objectContaining({ type: 'pinned', pin: sha256 }))
    const http = `${users.store.endpoint}/${users.bucket}/team/hello.zip`
    expect(await built({ kind: 'object', address: http })).toMatchObject({ state: 'succeeded' })
  })

  test('becomes a dependency package', async () => {
    const bytes = await zipOf({ 'node_modules/greeting/index.js': 'exports.hello = 1\n' })
    const address = await users.put('libs/greeting.zip', bytes)
    const source = { kind: 'object', address } as const
    const { id } = await line.client.addDependency({ name: 'greeting', runtime: 'nodejs', source })
    await Array.fromAsync(line.client.events(id))
    expect(await line.client.build(id)).toMatchObject({ state: 'succeeded' })
    expect(await line.client.revision('greeting', 1)).toMatchObject({ package: { entries: 1 } })
  })

  test('is refused before there is a build where its address leads nowhere', async () => {
    const refusal = (address: string) =>
      built({ kind: 'object', address }).then(
        () => 'accepted',
        (error: { code: string; at: string }) => [error.code, error.at],
      )
    expect(await refusal('s3://unnamed/a.zip')).toEqual(['BUCKET_NOT_KNOWN', 'source.address'])
    expect(await refusal('s3://far-code/a.zip')).toEqual(['REGION_DIFFERS', 'source.address'])
    expect(await refusal('nonsense')).toEqual(['INVALID_REQUEST', 'source.address'])
    const missing = await built({ kind: 'object', address: `s3://${users.bucket}/none.zip` })
    expect(missing).toMatchObject({
      state: 'failed',
      failure: { code: 'SOURCE_NOT_FOUND', step: 'fetch' },
    })
  })

  test('that is refused to its credential leaves the secret nowhere', async () => {
    const name = 'wrong'
    const credential = { kind: 'object', store: 'main', accessKeyId: 'who' } as const
    await line.client.putCredential(name, { ...credential, secretAccessKey: CANARY })
    const address = await users.put('team/secret.zip', await zipOf({ 'index.js': HELLO }))
    const build = await built({ kind: 'object', address, credential: name })
    expect(build).toMatchObject({ state: 'failed', failure: { code: 'SOURCE_NOT_ALLOWED' } })
    await line.client.removeCredential(name)
    const told = [
      build,
      await Array.fromAsync(line.client.events(build.id)),
      await line.client.log(build.id),
      await line.client.report(build.id),
      await line.client.credentials(),
      await line.logOf('api'),
      await line.logOf('worker-1'),
      await everythingInRedis(),
      await everythingInTheStore(build.id),
    ]
    const text = JSON.stringify(told)
    expect(text).toContain('SOURCE_NOT_ALLOWED')
    for (const secret of [CANARY, btoa(CANARY), users.store.secretAccessKey]) {
      expect(text).not.toContain(secret)
    }
  })
})

async function everythingInRedis(): Promise<unknown[]> {
  const redis = new Redis(line.redisUrl)
  const keys = await redis.keys(`${line.prefix}*`)
  const values = await Promise.all(
    keys.map(async (key) => {
      const type = await redis.type(key)
      if (type === 'hash') return redis.hgetall(key)
      if (type === 'list') return redis.lrange(key, 0, -1)
      if (type === 'zset') return redis.zrange(key, '0', '-1')
      if (type === 'set') return redis.smembers(key)
      return type === 'stream' ? redis.xrange(key, '-', '+') : redis.get(key)
    }),
  )
  await redis.quit()
  return values
}

/** Waits until the build has been archived: what lasts is looked at, too. */
async function everythingInTheStore(build: string): Promise<string> {
  const store = storeFromUrl(line.storeUrl)
  try {
    let all = ''
    await expect
      .poll(
        async () => {
          all = ''
          for await (const { key } of store.list('builds/')) {
            const found = await store.get(key)
            if (found) all += gunzipSync(await buffer(found.stream)).toString()
          }
          return all
        },
        { timeout: 20_000 },
      )
      .toContain(build)
    return all
  } finally {
    await store.close()
  }
}

describe('an address', () => {
  test('of a ZIP is built as the digest says, and told in the report', async () => {
    const { url, sha256 } = served('/hello.zip', await zipOf({ 'index.js': HELLO }))
    const build = await built({ kind: 'url', url, sha256 })
    expect(build).toMatchObject({ state: 'succeeded' })
    const { pin } = await line.client.report(build.id)
    expect(pin).toEqual({ kind: 'url', url, format: 'zip', sha256, size: expect.any(Number) })
    const other = await built({ kind: 'url', url, sha256: 'a'.repeat(64) })
    expect(other).toMatchObject({ state: 'failed', failure: { code: 'SOURCE_DIFFERS' } })
  })

  test('of a tar.gz with a wrapping folder is source, which is unwrapped and built', async () => {
    const bytes = await craftTarGz([
      { name: 'hello-1.0/', type: 'directory' },
      { name: 'hello-1.0/index.js', content: HELLO },
      { name: 'hello-1.0/lib/words.js', content: 'exports.word = 1\n' },
    ])
    const { url } = served('/hello.tgz', bytes)
    const build = await built({ kind: 'url', url, sha256: null })
    expect(build).toMatchObject({ state: 'succeeded' })
    expect(await pathsOf(build.id)).toEqual(['index.js', 'lib/words.js'])
    const report = await line.client.report(build.id)
    expect(report).toMatchObject({
      as: 'source',
      asBecause: 'it is a tar.gz',
      pin: { format: 'tar.gz' },
    })
    const events = await Array.fromAsync(line.client.events(build.id))
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'warning', message: expect.stringContaining('is null') }),
    )
  })

  test('of an archive that the runtime does not take, or that is hostile, ends the build', async () => {
    const jar = await zipOf({
      'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n',
      'index.js': HELLO,
    })
    const hostile = await craftTarGz([{ name: '../../index.js', content: HELLO }])
    const failures = [
      [served('/hello.jar', jar), 'FORMAT'],
      [served('/hostile.tgz', hostile), 'ARCHIVE_REFUSED'],
      [served('/text.zip', Buffer.from('<html>not found</html>')), 'FORMAT'],
    ] as const
    for (const [{ url, sha256 }, code] of failures) {
      const build = await built({ kind: 'url', url, sha256 })
      expect(build).toMatchObject({ state: 'failed', failure: { code, blame: 'caller' } })
    }
  })

  test('that is not public is refused by the build, whatever name it has', async () => {
    const port = Number(new URL(line.url).port)
    const { url, sha256 } = served('/hello.zip', await zipOf({ 'index.js': HELLO }))
    const inside = [
      `http://127.0.0.1:${port}/healthz`,
      `https://127.0.0.1:${port}/healthz`,
      `https://localhost:${port}/`,
      'https://169.254.169.254/latest/meta-data/',
      url.replace('http:', 'https:').replace(/:\d+/, ':443'),
    ]
    for (const one of inside) {
      const build = await built({ kind: 'url', url: one, sha256 })
      expect(build).toMatchObject({ state: 'failed', failure: { code: 'SOURCE_NOT_ALLOWED' } })
    }
  })

  test('with a password in it, or without a word on its digest, is no request', async () => {
    const post = (source: object) =>
      line.fetch('/v1/builds', {
        method: 'POST',
        body: JSON.stringify({
          function: 'a',
          runtime: 'nodejs',
          handler: 'index.handler',
          source,
        }),
      })
    const user = await post({ kind: 'url', url: `https://me:${CANARY}@a.test/`, sha256: null })
    expect(user.status).toBe(400)
    expect(await user.text()).not.toContain(CANARY)
    expect((await post({ kind: 'url', url: 'https://a.test/a.zip' })).status).toBe(400)
    expect((await post({ kind: 'url', url: 'ftp://a.test/', sha256: null })).status).toBe(400)
  })
})
