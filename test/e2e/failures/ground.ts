import { createHash, createHmac, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildRequestInput, type HookMade, type KeyMade, STORE_KEYS } from '@packline/shared'
import { storeFromUrl } from '@packline/stores'
import { Redis } from 'ioredis'
import { craftZip } from '../../../packages/archive/src/test/craft-zip.ts'
import { type Keys, makeKeys } from '../../../packages/records/src/keys.ts'
import { makeTestProxy, type TestProxy } from '../../../packages/records/src/test-proxy.ts'
import { functionsOn, of } from '../../harness/functions.ts'
import { startTestLine, type TestLine } from '../../harness/line.ts'
import { withBucket } from '../../harness/own-place.ts'
import { until } from '../../harness/processes.ts'

const PROFILE = join(import.meta.dirname, '../../../profiles/ctyun-functiongraph.yaml')
/** So small that every limit is passed in a moment. */
const LIMITS = { uploadBytesMax: 40_000, unpackedBytesMax: 100_000, editorBytesMax: 4000 }
const STORE = { endpoint: 'http://127.0.0.1:1', accessKeyId: 'k', secretAccessKey: 's' }
const STORES = [
  { ...STORE, name: 'near', region: 'cn-default', buckets: ['code'] },
  { ...STORE, name: 'far', region: 'far-away', buckets: ['far-code'] },
]

/** A line with something of every kind, whose Redis and store can be taken away. */
export interface Ground {
  line: TestLine
  /** The same installation's API without the key for secrets. */
  locked: TestLine
  /** Another of its APIs, which remembers nothing of the archive that it would have read before. */
  fresh: TestLine
  redis: Redis
  keys: Keys
  redisProxy: TestProxy
  storeProxy: TestProxy
  /** What the services are to Redis; ALLOW and DENY its commands. */
  user: string
  /** A build that succeeded, of the function `fn`; one that waits; those of batches that failed. */
  build: string
  waiting: string
  failed: { build: string; batch: string }
  /** With a callback, whose secret is sealed. */
  told: { build: string; batch: string }
  waitingBatch: string
  hook: HookMade
  /** Of the tenant `one`, by scope. */
  made: Record<'read' | 'build', KeyMade>
  /** A ping, of which nothing can be built. */
  ping: string
  uploads: Record<'zip' | 'jar' | 'chinese' | 'clashing' | 'damaged' | 'large', string>
  remove(): Promise<void>
}

export const hello: BuildRequestInput = {
  function: 'hello',
  runtime: 'nodejs',
  version: '20.15',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'exports.handler = async () => 1\n' } },
  build: { load: false },
}
const failing: BuildRequestInput = { ...hello, handler: 'absent.handler' }
export const callback = {
  url: 'https://callback.invalid/told',
  secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
}

export async function layGround(): Promise<Ground> {
  const redis = new Redis(process.env.PACKLINE_TEST_REDIS_URL ?? '')
  const user = `failures-${process.pid}`
  await redis.acl('SETUSER', user, 'on', '>pass', 'allkeys', 'allchannels', '+@all')
  const redisUrl = new URL(process.env.PACKLINE_TEST_REDIS_URL ?? '')
  const redisProxy = await makeTestProxy(
    Object.assign(redisUrl, { username: user, password: 'pass' }).href,
  )
  const storeProxy = await makeTestProxy(process.env.PACKLINE_TEST_STORE_URL ?? '')
  const folder = await mkdtemp(join(tmpdir(), 'packline-failures-'))
  const environment = {
    PACKLINE_PROFILE: await smallProfile(folder),
    PACKLINE_OBJECT_STORES: JSON.stringify(STORES),
    PACKLINE_SECRET_KEY: randomBytes(32).toString('base64'),
  }
  const storeUrl = withBucket(storeProxy.url, `failures-${process.pid}`)
  const line = await startTestLine({ redisUrl: redisProxy.url, storeUrl, environment })
  const another = (changes: Record<string, string>) =>
    startTestLine({
      workers: 0,
      redisUrl: redisProxy.url,
      storeUrl,
      environment: { ...environment, PACKLINE_PREFIX: line.prefix, ...changes },
    })
  const locked = await another({ PACKLINE_SECRET_KEY: '' })
  const fresh = await another({})
  const keys = makeKeys(line.prefix)
  const made = await fill(line, redis, keys)
  const remove = async () => {
    for (const one of [fresh, locked, line]) await one.stop()
    await Promise.all([redisProxy.close(), storeProxy.close()])
    await redis.acl('DELUSER', user)
    await redis.quit()
    await rm(folder, { recursive: true })
  }
  return { line, locked, fresh, redis, keys, redisProxy, storeProxy, user, ...made, remove }
}

async function smallProfile(folder: string): Promise<string> {
  const path = join(folder, 'small.yaml')
  let text = await readFile(PROFILE, 'utf8')
  for (const [name, limit] of Object.entries({ ...LIMITS, unpackedWarnBytes: 90_000 })) {
    text = text.replace(new RegExp(`^  ${name}: \\d+`, 'm'), `  ${name}: ${limit}`)
  }
  await writeFile(path, text)
  return path
}

/** The worker ends in the middle: what is asked for from there on waits. */
async function fill(line: TestLine, redis: Redis, keys: Keys) {
  const uploads = await upload(line)
  await functions(line, uploads.zip, redis, keys)
  const { ask, built } = functionsOn(() => line)
  const { id: build } = await built('fn')
  await ask('PUT', of('fn', '/aliases/stable'), { body: '{"number":1}' })
  await publish(line, 'libs', uploads.zip)
  await publish(line, 'gone', uploads.zip)
  const failed = await failedBatch(line, { builds: [{ ...failing, dependencies: ['gone@1'] }] })
  await ask('DELETE', '/v1/dependencies/gone')
  const told = await failedBatch(line, { builds: [failing], callback })
  for (const id of [build, failed.build, told.build]) await archived(id, redis, keys)
  await Promise.all(line.workers.map((worker) => worker.stop()))
  const { id: waiting } = await line.client.submit({ ...hello, dependencies: ['libs@1'] })
  const { id: waitingBatch } = await line.client.submitBatch({ builds: [hello] })
  const made = {
    read: await line.client.addKey({ name: 'reads', scope: 'read' }),
    build: await line.client.addKey({ name: 'builds', scope: 'build' }),
  }
  return { uploads, build, failed, told, waiting, waitingBatch, made, ...(await hooked(line)) }
}

async function upload(line: TestLine) {
  const sent = async (bytes: Buffer, query = '') => {
    const body = new Uint8Array(bytes)
    const answer = await line.fetch(`/v1/uploads${query}`, { method: 'POST', body })
    return ((await answer.json()) as { upload: string }).upload
  }
  const chinese = Buffer.from(new Uint8Array([0xd6, 0xd0, 0xce, 0xc4]))
  const uploads = {
    zip: await sent(craftZip([{ name: 'node_modules/x/index.js', content: 'x'.repeat(5000) }])),
    jar: await sent(craftZip([{ name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0' }])),
    chinese: await sent(craftZip([{ name: chinese, content: '1' }]), '?entryNameEncoding=gb18030'),
    clashing: await sent(
      craftZip(['license', 'LICENSE/x'].map((name) => ({ name, content: '1' }))),
    ),
    damaged: 'd'.repeat(64),
    large: 'e'.repeat(64),
  }
  // As if they had been changed in the store, and taken under larger limits.
  const store = storeFromUrl(line.storeUrl)
  const put = (name: string, bytes: Buffer) =>
    store.put(STORE_KEYS.upload('one', name, 'zip'), { bytes }, { sha256: sha256Of(bytes) })
  await put(uploads.damaged, craftZip([{ name: 'a', content: 'x' }]).subarray(0, 40))
  await put(uploads.large, craftZip([{ name: 'a', content: Buffer.alloc(200_000) }]))
  await store.close()
  return uploads
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function functions(line: TestLine, zip: string, redis: Redis, keys: Keys): Promise<void> {
  const { registered, write, send } = functionsOn(() => line)
  await registered('fn', { build: { load: false } })
  await write('fn', 'index.js', 'exports.handler = async () => 1\n')
  await write('fn', 'src', '', {}, '?kind=folder')
  await registered('java', { runtime: 'java', version: '17', handler: 'a.B.c' })
  await registered('attaches', { dependencies: ['none@1'] })
  await registered('large')
  await send('POST', of('large', '/files/import'), { upload: zip })
  await registered('busy')
  await send('PUT', of('busy', '/files'), { version: 0, files: numbered(BUSY_FILES) })
  // As if the profile had had them when they were registered.
  for (const changed of [{ runtime: 'cobol' }, { version: '0.1' }, { handler: 'x' }]) {
    const [name = ''] = Object.keys(changed)
    await registered(`other-${name}`)
    const key = keys.function('one', `other-${name}`)
    const settings = JSON.parse((await redis.hget(key, 'settings')) ?? '')
    await redis.hset(key, 'settings', JSON.stringify({ ...settings, ...changed }))
  }
}

/** So many that want to change one draft at once that some are never the first. */
export const BUSY_FILES = 60

function numbered(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}.js`, '1']))
}

async function publish(line: TestLine, name: string, upload: string): Promise<void> {
  const source = { kind: 'upload', upload } as const
  const { id } = await line.client.addDependency({ name, runtime: 'nodejs', source })
  await Array.fromAsync(line.client.events(id))
}

async function failedBatch(
  line: TestLine,
  asked: Parameters<TestLine['client']['submitBatch']>[0],
): Promise<{ build: string; batch: string }> {
  const { id: batch, builds } = await line.client.submitBatch(asked)
  await Array.fromAsync(line.client.batchEvents(batch))
  return { batch, build: builds[0] ?? '' }
}

/** And with nothing left in Redis but what stays there. */
async function archived(id: string, redis: Redis, keys: Keys): Promise<void> {
  await until(async () => (await redis.hget(keys.build(id), 'archivedIn')) !== null)
  await redis.del(keys.events(id), keys.log(id))
}

async function hooked(line: TestLine): Promise<{ hook: HookMade; ping: string }> {
  const asked = { provider: 'github', repository: 'https://git.invalid/a/b.git' }
  const made = await line.fetch('/v1/hooks', { method: 'POST', body: JSON.stringify(asked) })
  const hook = (await made.json()) as HookMade
  const heard = await line.fetch(hook.deliverTo, delivery(hook, 'ping', { zen: 'x' }))
  const { delivery: ping } = (await heard.json()) as { delivery: string }
  return { hook, ping }
}

/** As GitHub tells of something: signed, without a key of ours. */
export function delivery({ secret = '' }: HookMade, event: string, payload: object): RequestInit {
  const body = JSON.stringify({ repository: { clone_url: 'https://git.invalid/a/b' }, ...payload })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const headers = {
    authorization: '',
    'content-type': 'application/json',
    'x-github-event': event,
    'x-hub-signature-256': `sha256=${signature}`,
  }
  return { method: 'POST', body, headers }
}
