import { afterAll, describe, expect, test } from 'vitest'
import type { Queues } from './queues.ts'
import { makeTestInstallation, newBuild, SUCCEEDED } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues } = installation
afterAll(installation.remove)

async function accepted(name = 'hello', tenant = 'acme'): Promise<string> {
  const [id = ''] = (await records.accept([newBuild(name)], { tenant })).ids
  return id
}

describe('cancel', () => {
  test('ends a queued build and takes its job away', async () => {
    const id = await accepted()
    expect(await records.cancel('acme', id, 'no longer needed')).toMatchObject({
      state: 'cancelled',
      cancelReason: 'no longer needed',
    })
    expect(await queues.get('nodejs').getJob(id)).toBeUndefined()
    expect((await records.events('acme', id)).at(-1)).toMatchObject({
      type: 'cancelled',
      reason: 'no longer needed',
    })
    expect(await records.begin(id, 'w1')).toEqual({ begun: false, because: 'terminal' })
  })

  test('ends a running build, tells its worker, and refuses what the worker writes later', async () => {
    const id = await accepted()
    const told = Promise.withResolvers<string>()
    const worker = installation.anotherProcess()
    const stop = worker.onCancel(told.resolve)
    await subscribed(keys.cancels)
    const beginning = await worker.begin(id, 'w1')
    await records.cancel('acme', id, 'changed my mind')
    expect(await told.promise).toBe(id)
    stop()
    expect(beginning).toMatchObject({ begun: true, attempt: 1 })
    expect(await worker.note(id, 1, { log: ['late'] })).toBe('refused')
    expect((await worker.finish(id, 1, SUCCEEDED)).ok).toBe(false)
    expect((await records.get('acme', id)).state).toBe('cancelled')
  })

  test('twice is fine, and has one terminal event', async () => {
    const id = await accepted()
    await Promise.all([records.cancel('acme', id, 'a'), records.cancel('acme', id, 'b')])
    await records.cancel('acme', id, 'c')
    expect((await records.events('acme', id)).map(({ type }) => type)).toEqual([
      'queued',
      'cancelled',
    ])
  })

  test('of a build that has succeeded is a conflict that names its state', async () => {
    const id = await accepted()
    await records.begin(id, 'w1')
    await records.finish(id, 1, SUCCEEDED)
    await expect(records.cancel('acme', id, 'late')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('succeeded'),
    })
  })

  test("of another tenant's build finds nothing and changes nothing", async () => {
    const id = await accepted('theirs', 'theirs')
    await expect(records.cancel('acme', id, 'mine')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await records.get('theirs', id)).state).toBe('queued')
  })

  test('holds when the process is killed before it could take the job away', async () => {
    const id = await accepted('halfway')
    const crashing: Queues = { ...queues, remove: () => Promise.reject(new Error('killed')) }
    const halfway = installation.anotherProcess(crashing)
    await expect(halfway.cancel('acme', id, 'stop')).rejects.toThrow('killed')
    expect(await queues.get('nodejs').getJob(id)).toBeDefined()
    expect(await records.begin(id, 'w1')).toEqual({ begun: false, because: 'terminal' })
    expect(await records.get('acme', id)).toMatchObject({ state: 'cancelled' })
  })
})

describe('the cancelling of a batch', () => {
  test('ends what has not ended, with jobs or without, and counts it', async () => {
    const builds = Array.from({ length: 30 }, () => newBuild('some', { priority: 'bulk' }))
    const result = await records.accept(builds, { tenant: 'batches', batch: {}, window: 10 })
    const [first = '', second = ''] = result.ids
    await records.begin(first, 'w1')
    await records.finish(first, 1, SUCCEEDED)
    await records.begin(second, 'w1')

    const batch = result.batch ?? ''
    expect(await records.cancelBatch('batches', batch, 'all of it')).toEqual({ cancelled: 29 })
    expect(await records.getBatch('batches', batch)).toMatchObject({
      counts: { total: 30, queued: 0, running: 0, succeeded: 1, failed: 0, cancelled: 29 },
      finished: true,
    })
    // Only the job of the build that has succeeded is left: no consumer runs here to take it.
    const jobs = await queues.get('nodejs').getPrioritized()
    expect(jobs.map(({ id }) => id)).toEqual([first])
    expect(await redis.keys(`${installation.prefix}:held:batches`)).toEqual([])
    expect(await redis.keys(`${installation.prefix}:window:batches`)).toEqual([])
    expect(await records.cancelBatch('batches', batch, 'again')).toEqual({ cancelled: 0 })
  })

  test('makes room for the builds of another batch of the tenant', async () => {
    const four = Array.from({ length: 4 }, () => newBuild('room', { priority: 'bulk' }))
    const one = await records.accept(four, { tenant: 'room', batch: {}, window: 4 })
    const two = await records.accept(four, { tenant: 'room', batch: {} })
    await records.cancelBatch('room', one.batch ?? '', 'make room')
    const jobs = await Promise.all(two.ids.map((id) => queues.get('nodejs').getJob(id)))
    expect(jobs.map((job) => job?.id)).toEqual(two.ids)
  })

  test("does not touch another tenant's", async () => {
    const { batch = '' } = await records.accept([newBuild()], { tenant: 'theirs', batch: {} })
    await expect(records.cancelBatch('acme', batch, 'mine')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

/** Redis has the subscription: what is published from now on arrives. */
async function subscribed(channel: string): Promise<void> {
  await expect.poll(() => redis.pubsub('NUMSUB', channel)).toEqual([channel, 1])
}
