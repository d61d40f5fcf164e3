import { createServer } from 'node:net'
import { join } from 'node:path'
import { findRedis, freePort } from '@packline/setup'
import type { BuildEvent, BuildRequestInput } from '@packline/shared'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { processesWith } from '../harness/left-behind.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { until } from '../harness/processes.ts'
import { eventsOf, marker, sleeper, untilEvent } from '../harness/sleepers.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine({
    workers: 0,
    environment: { PACKLINE_PLAIN_HTTP_HOSTS: '127.0.0.1' },
  })
})
afterEach(async () => {
  await Promise.all(line.workers.map((worker) => worker.stop()))
})
afterAll(() => line.stop())

const quick = (name: string, changes: Partial<BuildRequestInput> = {}): BuildRequestInput => ({
  function: name,
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'exports.handler = () => 1\n' } },
  build: { load: false },
  ...changes,
})

const typesOf = (events: BuildEvent[]) => events.map(({ type }) => type)

test('a build that no worker takes says what it waits for, can be cancelled, and is taken later', async () => {
  const { id } = await line.client.submit(quick('waits'))
  const other = (await line.client.submit(quick('is-cancelled'))).id
  const events = await untilEvent(line, id, 'waiting')
  expect(events.at(-1)).toMatchObject({ type: 'waiting', for: 'a worker with nodejs' })
  expect(await line.client.build(id)).toMatchObject({
    state: 'queued',
    waitingFor: 'a worker with nodejs',
  })
  expect(await line.client.cancel(other)).toMatchObject({ state: 'cancelled' })
  await line.addWorker('comes-late')
  expect(typesOf(await eventsOf(line, id)).slice(0, 3)).toEqual(['queued', 'waiting', 'started'])
  expect(await line.client.build(id)).toMatchObject({ state: 'succeeded' })
  expect((await line.client.build(id)).waitingFor).toBeUndefined()
  expect(typesOf(await eventsOf(line, other))).not.toContain('started')
})

test('cancelling ends what runs at once, with every process of its tool', async () => {
  await line.addWorker('canceller')
  const mark = marker()
  const { id } = await line.client.submit(sleeper(mark, 60))
  await until(() => processesWith(mark).length > 0)
  const cancelledAt = performance.now()
  expect(await line.client.cancel(id)).toMatchObject({ state: 'cancelled' })
  await until(() => processesWith(mark).length === 0)
  expect(performance.now() - cancelledAt).toBeLessThan(2000)
  expect(typesOf(await eventsOf(line, id)).at(-1)).toBe('cancelled')
  const next = await line.client.submit(quick('after-a-cancel'))
  expect(typesOf(await eventsOf(line, next.id)).at(-1)).toBe('succeeded')
})

describe('attempts', () => {
  test('follow where the failure may pass, with the delays that were told', async () => {
    await line.addWorker('tries-again')
    const url = `http://127.0.0.1:${await freePort()}/no/repository.git`
    const source = { kind: 'git', url } as const
    const { id } = await line.client.submit(quick('unreachable', { source }))
    const events = await eventsOf(line, id)
    const told = events.filter((event) => event.type === 'requeued')
    expect(told.map(({ delayMs }) => delayMs)).toEqual([1000, 2000])
    for (const { failure } of told) expect(failure).toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    const starts = events.filter(({ type }) => type === 'started')
    expect(starts).toMatchObject([{ attempt: 1 }, { attempt: 2 }, { attempt: 3 }])
    for (const [place, { at, delayMs }] of told.entries()) {
      const waited = Date.parse(starts[place + 1]?.at ?? '') - Date.parse(at)
      expect(waited).toBeGreaterThanOrEqual(delayMs - 50)
      expect(waited).toBeLessThan(delayMs + 3000)
    }
    expect(events.at(-1)).toMatchObject({ failure: { code: 'SOURCE_UNREACHABLE' } })
  })

  test("do not follow where it is the caller's to mend", async () => {
    await line.addWorker('tries-once')
    const { id } = await line.client.submit(quick('broken', { handler: 'absent.handler' }))
    const events = await eventsOf(line, id)
    expect(events.filter(({ type }) => type === 'started')).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ type: 'failed', failure: { blame: 'caller' } })
  })
})

describe('turns', () => {
  const narrow = { PACKLINE_BUILDS_MAX: '4', PACKLINE_TOOL_SLOTS: '1' }

  test('an interactive build overtakes a bulk backlog, at the tools too', async () => {
    await line.addWorker('one-tool', narrow)
    const builds = Array.from({ length: 12 }, () => sleeper(marker(), 0.3))
    const batch = await line.client.submitBatch({ builds })
    const changes = line.client.batchEvents(batch.id)
    let interactive = ''
    let endedBefore = 0
    for await (const { counts } of changes) {
      if (interactive === '' && counts.running === 4) {
        interactive = (await line.client.submit(sleeper(marker(), 0))).id
        endedBefore = counts.succeeded
      }
      if (interactive === '' || (await line.client.build(interactive)).state !== 'succeeded')
        continue
      // At most what had its turn already: the tool's one, and one that left a place.
      expect(counts.succeeded - endedBefore).toBeLessThanOrEqual(4)
      expect(counts.succeeded).toBeLessThan(12)
      break
    }
    await line.client.cancel(interactive).catch(() => undefined)
    await line.fetch(`/v1/batches/${batch.id}/cancel`, { method: 'POST' })
  })

  test("a tenant's backlog holds another tenant up by its window at most", async () => {
    const windowMin = 100
    const many = Array.from({ length: 400 }, (_, index) => quick(`many-${index}`))
    const batch = await line.client.submitBatch({ builds: many })
    await line.addWorker('fair', { PACKLINE_BUILDS_MAX: '2' })
    const ended = (await line.client.batch(batch.id)).counts.succeeded
    const answer = await line.fetch('/v1/batches', {
      method: 'POST',
      headers: { authorization: `Bearer ${line.otherKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ builds: [quick('few-1'), quick('few-2')] }),
    })
    const few = (await answer.json()) as { id: string }
    const stateOfFew = async () => {
      const headers = { authorization: `Bearer ${line.otherKey}` }
      return (await (await line.fetch(`/v1/batches/${few.id}`, { headers })).json()) as {
        finished: boolean
      }
    }
    await until(async () => (await stateOfFew()).finished)
    const { counts } = await line.client.batch(batch.id)
    expect(counts.succeeded).toBeLessThan(400)
    // What ended while the two were accepted and looked at comes on top of the window.
    expect(counts.succeeded - ended).toBeLessThanOrEqual(windowMin + 100)
    for await (const change of line.client.batchEvents(batch.id)) {
      if (change.counts.succeeded === 400) break
    }
    expect(await line.client.batch(batch.id)).toMatchObject({ counts: { succeeded: 400 } })
  })
})

test('a worker whose Redis is gone ends within its deadline all the same', async () => {
  const { env } = process
  const redis = await findRedis({
    folder: join(line.folder, 'own redis'),
    debianFolder: join(import.meta.dirname, '../../.local/debian'),
    environment: { ...env, PATH: env.PATH ?? '' },
    note: () => undefined,
    order: ['path', 'unpacked', 'unpack'],
  })
  const own = await startTestLine({ workers: 1, redisUrl: redis.url })
  try {
    const mark = marker()
    await own.client.submit(sleeper(mark, 60))
    await until(() => processesWith(mark).length > 0)
    await redis.stop()
    const [worker] = own.workers
    const askedAt = performance.now()
    process.kill(worker?.pid ?? 0, 'SIGTERM')
    expect(await worker?.exited).toBe(1)
    expect(performance.now() - askedAt).toBeLessThan(7000)
    expect(processesWith(mark)).toEqual([])
  } finally {
    await own.stop()
    await redis.stop()
  }
})

test('a worker does not start without a Redis, and says so in a line', async () => {
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : 0
  const start = line.addWorker('no-redis', { PACKLINE_REDIS_URL: `redis://127.0.0.1:${port}` })
  await expect(start).rejects.toThrow(
    /no-redis ended at once: Redis did not answer within 10 s.*PACKLINE_REDIS_URL/,
  )
  silent.close()
})
