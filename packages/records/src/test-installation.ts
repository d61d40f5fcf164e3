import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { BuildRequest, StoredPackage, WorkerView } from '@packline/shared'
import type { Redis } from 'ioredis'
import type { NewBuild } from './build-record.ts'
import { connectRedis } from './connect-redis.ts'
import { type Keys, makeKeys } from './keys.ts'
import { makeRecords } from './make-records.ts'
import type { Outcome } from './outcome.ts'
import { makeQueues, type Queues } from './queues.ts'
import type { ArchiveStore, Records } from './records.ts'

/** 32 bytes in base64. */
const TEST_SECRET_KEY = Buffer.alloc(32, 7).toString('base64')

/** For tests: records of their own on the real Redis, and an archive in a real folder. */
export interface TestInstallation {
  redis: Redis
  prefix: string
  keys: Keys
  queues: Queues
  records: Records
  folder: string
  store: ArchiveStore
  /** The sweep looks at these builds with its next call. */
  makeDue(...ids: string[]): Promise<void>
  /** The record as a Packline with this schema version would have written it. */
  writtenWith(schema: number, id: string): Promise<void>
  acceptedBefore(ms: number, ...ids: string[]): Promise<void>
  /** As another process would have them; closed with the installation. */
  anotherProcess(queues?: Queues): Records
  remove(): Promise<void>
}

export async function makeTestInstallation(): Promise<TestInstallation> {
  const prefix = `{packline-test-${randomUUID().slice(0, 8)}}`
  const keys = makeKeys(prefix)
  const redis = connectRedis(testRedisUrl())
  await ready(redis)
  const folder = await mkdtemp(join(tmpdir(), 'packline-records-'))
  const store = folderStore(folder)
  const queues = makeQueues({ connection: redis, prefix })
  const secretKey = TEST_SECRET_KEY
  const all = [makeRecords({ redis, prefix, queues, store, secretKey })]
  const [records] = all as [Records]
  const setInView = async (id: string, changes: object) => {
    const view = JSON.parse((await redis.hget(keys.build(id), 'view')) ?? '{}')
    await redis.hset(keys.build(id), 'view', JSON.stringify({ ...view, ...changes }))
  }
  return {
    redis,
    prefix,
    keys,
    queues,
    records,
    folder,
    store,
    makeDue: async (...ids) => {
      await redis.zadd(keys.unfinished, ...ids.flatMap((id) => [0, id]))
    },
    writtenWith: async (schema, id) => {
      await setInView(id, { schema })
    },
    acceptedBefore: async (ms, ...ids) => {
      const createdAt = new Date(Date.now() - ms).toISOString()
      await Promise.all(ids.map((id) => setInView(id, { createdAt })))
    },
    anotherProcess: (others = queues) => {
      const more = makeRecords({ redis, prefix, queues: others, store, secretKey })
      all.push(more)
      return more
    },
    remove: async () => {
      await Promise.all(all.map((each) => each.close()))
      await queues.close()
      await removeKeys(redis, prefix)
      await redis.quit()
      await rm(folder, { recursive: true })
    },
  }
}

export async function ready(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') await new Promise((done) => redis.once('ready', done))
}

/** The harness of `npm test` sets it; by hand: any Redis with noeviction. */
export function testRedisUrl(): string {
  const url = process.env.PACKLINE_TEST_REDIS_URL
  if (url) return url
  throw new Error('PACKLINE_TEST_REDIS_URL is not set: run `npm test`, or set it to a Redis URL')
}

export function newBuild(name = 'hello', more: Partial<NewBuild> = {}): NewBuild {
  return { request: newRequest(name), queue: 'nodejs', priority: 'interactive', ...more }
}

export function newRequest(name: string, labels?: Record<string, string>): BuildRequest {
  return {
    function: name,
    type: 'event',
    runtime: 'nodejs',
    version: '20.15',
    architecture: 'x86_64',
    handler: 'index.handler',
    source: { kind: 'inline', files: { 'index.js': 'exports.handler = async () => "你好"\n' } },
    build: { load: false, timeoutSeconds: 900 },
    ...(labels && { labels }),
  }
}

export const STORED: StoredPackage = {
  key: 'packages/acme/hello/aa.zip',
  address: 's3://packline/packages/acme/hello/aa.zip',
  format: 'zip',
  size: 180,
  sha256: 'aa'.repeat(32),
  entries: 1,
  unpackedSize: 44,
}

export const SUCCEEDED: Outcome = {
  state: 'succeeded',
  package: STORED,
  verdict: { verdict: 'not-loaded', because: 'the request turned the load off' },
  findings: 0,
}

export function newWorker(id: string, more: Partial<WorkerView> = {}): WorkerView {
  const at = new Date().toISOString()
  return {
    id,
    host: 'here',
    pid: process.pid,
    startedAt: at,
    seenAt: at,
    queues: ['nodejs'],
    buildsMax: 32,
    lacks: {},
    toolSlots: 2,
    running: 0,
    tools: {},
    isolation: 'sandbox',
    ...more,
  }
}

function folderStore(folder: string): ArchiveStore {
  return {
    async put(key, bytes) {
      const path = join(folder, key)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, bytes)
    },
    async *list(prefix) {
      for (const name of await readdir(folder, { recursive: true })) {
        const found = await stat(join(folder, name)).catch(() => undefined)
        if (found?.isFile() && name.startsWith(prefix)) yield { key: name, modifiedAt: found.mtime }
      }
    },
    remove: (key) => rm(join(folder, key), { force: true }),
    async get(key) {
      return await readFile(join(folder, key)).catch(() => undefined)
    },
  }
}

/** As FLUSHALL of a Redis that were only theirs. */
export async function removeKeys(redis: Redis, prefix: string): Promise<void> {
  for await (const some of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
    if (some.length > 0) await redis.unlink(some)
  }
}
