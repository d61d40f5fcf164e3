import { createHash, randomBytes } from 'node:crypto'
import { type BuildRequestInput, LIMITS, type Problem, STORE_KEYS } from '@packline/shared'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { craftZip } from '../../packages/archive/src/test/craft-zip.ts'
import { leftBehind } from '../harness/left-behind.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { has, needs } from '../harness/needs.ts'
import { type OwnServer, ownMinio } from '../harness/own-server.ts'

const ANSWER_MS_MAX = 2000

let minio: OwnServer
let line: TestLine
beforeAll(async () => {
  if (!has('minioServer')) return
  minio = await ownMinio()
  line = await startTestLine({ storeUrl: minio.url })
})
afterAll(async () => {
  await line?.stop()
  await minio?.remove()
})

const zip = craftZip([{ name: 'index.js', content: 'exports.handler = () => 1\n' }])

/** About so many megabytes that nothing makes smaller. */
function zipOf(megabytes: number): Buffer {
  return craftZip([
    { name: 'index.js', content: 'exports.handler = () => 1\n' },
    { name: 'noise.bin', content: randomBytes(megabytes * 1024 * 1024), method: 0 },
  ])
}

function hello(name: string, changes: Partial<BuildRequestInput> = {}): BuildRequestInput {
  const files = { 'index.js': `exports.handler = () => "${name}"\n` }
  const source = { kind: 'inline' as const, files }
  return { function: name, runtime: 'nodejs', handler: 'index.handler', source, ...changes }
}

/** Beyond what a record takes, so that its files go through the store. */
function large(name: string): BuildRequestInput {
  const files = { 'index.js': `exports.handler = () => 1 // ${'x'.repeat(20_000)}\n` }
  return hello(name, { source: { kind: 'inline', files } })
}

/**
 * A frozen store may still write a small object that lay in its socket, when we have long answered
 * that it is away. Nothing names it, so the sweep removes it (docs/decisions/0050).
 */
const LARGE_KEY = STORE_KEYS.inline('one', sha256Of(large('away')))

function sha256Of({ source }: BuildRequestInput): string {
  const files = source.kind === 'inline' ? source.files : undefined
  return createHash('sha256').update(JSON.stringify(files)).digest('hex')
}

async function ended(id: string) {
  const events = await Array.fromAsync(line.client.events(id))
  return { events, build: await line.client.build(id) }
}

/** Waits until a build is in the archive and takes from Redis what leaves it after an hour. */
async function archived(id: string): Promise<string> {
  const redis = new Redis(line.redisUrl)
  const segment = () => redis.hget(`${line.prefix}:build:${id}`, 'archivedIn')
  await expect.poll(segment, { timeout: 10_000 }).toBeTruthy()
  await redis.del(...['events', 'log'].map((kind) => `${line.prefix}:${kind}:${id}`))
  await redis.quit()
  return id
}

const AS_EVENTS = { headers: { accept: 'text/event-stream' } }

async function expectAway(packaged: string, upload: string): Promise<void> {
  const fromUpload = hello('away', { source: { kind: 'upload', upload } })
  const asking: [string, RequestInit?][] = [
    ['/readyz'],
    ['/v1/uploads', { method: 'POST', body: new Uint8Array(zip) }],
    ['/v1/uploads', { method: 'POST', body: new Uint8Array(zipOf(8)) }],
    [`/v1/builds/${packaged}/package`],
    [`/v1/builds/${packaged}/events`],
    [`/v1/builds/${packaged}/log`],
    [`/v1/builds/${packaged}/log`, AS_EVENTS],
    [`/v1/builds/${packaged}/report`],
    [`/v1/builds/${packaged}/retry`, { method: 'POST' }],
    ['/v1/builds', { method: 'POST', body: JSON.stringify(large('away')) }],
    ['/v1/builds', { method: 'POST', body: JSON.stringify(fromUpload) }],
    ['/v1/batches', { method: 'POST', body: JSON.stringify({ builds: [large('away')] }) }],
  ]
  const answers = asking.map(async ([path, init]) => {
    const started = performance.now()
    const response = await line.fetch(path, init)
    const problem = (await response.json()) as Problem
    const ms = performance.now() - started
    expect([path, response.status, problem.code]).toEqual([path, 503, 'STORE_UNAVAILABLE'])
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(problem.hint).toBeTruthy()
    expect([path, ms < ANSWER_MS_MAX || ms]).toEqual([path, true])
  })
  await Promise.all(answers)
}

describe('while the store is away', () => {
  test.for([
    ['stopped', () => minio.stop(), () => minio.start()],
    ['frozen', async () => minio.freeze(), async () => minio.thaw()],
  ] as const)(
    '(%s) what needs it is 503 within 2 s, and builds wait for it by their attempts',
    async ([how, leave, comeBack], context) => {
      needs(context, 'minioServer')
      const { upload } = await line.client.upload(zip, zip.length)
      const first = await line.client.submit(hello(`${how}-first`))
      const { build } = await ended(first.id)
      expect(build.state).toBe('succeeded')
      await archived(first.id)
      const before = await leftBehind(line)

      await leave()
      await expectAway(first.id, upload)
      expect(await (await line.fetch('/readyz')).json()).toMatchObject({
        ready: false,
        redis: 'ok',
        store: 'away',
      })
      expect((await line.fetch('/healthz')).status).toBe(200)
      // What Redis alone can tell is told, and what needs no store yet is accepted.
      expect((await line.fetch(`/v1/builds/${first.id}`)).status).toBe(200)
      expect((await line.fetch('/v1/builds')).status).toBe(200)
      const waiting = await line.client.submit(hello(`${how}-waiting`))
      for await (const event of line.client.events(waiting.id)) {
        if (event.type === 'requeued') {
          expect(event).toMatchObject({ failure: { code: 'STORE_UNAVAILABLE', blame: 'platform' } })
          break
        }
        // A frozen store is waited for: the first attempt is still at it when the store is back.
        if (how === 'frozen' && event.type === 'step' && event.step === 'validate') break
      }
      await comeBack()

      const end = await ended(waiting.id)
      expect(end.build.state).toBe('succeeded')
      expect(end.events.filter(({ type }) => type === 'succeeded')).toHaveLength(1)
      const download = await line.fetch(`/v1/builds/${waiting.id}/package`)
      expect(download.status).toBe(200)
      expect((await download.bytes()).length).toBe(end.build.package?.size)
      await expect.poll(async () => (await line.fetch('/readyz')).ok).toBe(true)
      // Of all that was refused nothing is there.
      const mine = `packages/one/${how}-waiting/${end.build.package?.sha256}.zip`
      const late = how === 'frozen' ? [LARGE_KEY] : []
      const left = (await leftBehind(line)).filter((key) => !late.includes(key))
      expect(left).toEqual([...before, mine].toSorted())
      const retried = await line.client.submit(
        hello('retried', { source: { kind: 'upload', upload } }),
      )
      expect((await ended(retried.id)).build.state).toBe('succeeded')
    },
  )

  test('for longer than its attempts last, a build fails and says so', async (context) => {
    needs(context, 'minioServer')
    await minio.stop()
    const { id } = await line.client.submit(hello('too-long'))
    const { build, events } = await ended(id)
    expect(build).toMatchObject({
      state: 'failed',
      attempt: LIMITS.attemptsMax,
      failure: { code: 'STORE_UNAVAILABLE', blame: 'platform', step: 'store' },
    })
    expect(build.failure?.hint).toBeTruthy()
    expect(events.filter(({ type }) => type === 'requeued')).toHaveLength(LIMITS.attemptsMax - 1)
    await minio.start()
    const { id: again } = await line.client.retry(id)
    expect((await ended(again)).build.state).toBe('succeeded')
  })
})

test('a download that the store breaks off is cut, never short', async (context) => {
  needs(context, 'minioServer')
  // Too large for the buffers on the way, so that it is still under way when the store stops.
  const big = zipOf(30)
  const { upload } = await line.client.upload(big, big.length)
  const { id } = await line.client.submit(hello('big', { source: { kind: 'upload', upload } }))
  expect((await ended(id)).build.state).toBe('succeeded')
  const response = await line.fetch(`/v1/builds/${id}/package`)
  expect(response.status).toBe(200)
  await minio.stop()
  await expect(response.bytes()).rejects.toThrow()
  await minio.start()
  const whole = await line.fetch(`/v1/builds/${id}/package`)
  expect((await whole.bytes()).length).toBe(big.length)
})
