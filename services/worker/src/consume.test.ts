import { setTimeout as wait } from 'node:timers/promises'
import { connectRedis, type NewBuild } from '@packline/records'
import { LIMITS, PacklineError } from '@packline/shared'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newBuild, testRedisUrl } from '../../../packages/records/src/test-installation.ts'
import { type ConsumeOptions, type Consumers, consume } from './consume.ts'
import { makeWorkerInstallation, type WorkerInstallation } from './test/installation.ts'

/** BullMQ's drainDelay is 5 s. */
const ASKED_IN_VAIN_MS = 5500

let all: WorkerInstallation
beforeAll(async () => {
  all = await makeWorkerInstallation()
})
afterAll(() => all.remove())

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** A worker's consumers, closed when the test ends. */
function start(more: Partial<ConsumeOptions> = {}): Consumers {
  const connection = connectRedis(testRedisUrl(), 'blocking')
  const { records, queues, engine, logger } = all
  const consumers = consume({
    queueNames: ['nodejs', 'python'],
    buildsMax: 2,
    worker: 'w1',
    connection,
    queues,
    records,
    engine,
    logger,
    ...more,
  })
  open.push(async () => {
    await consumers.close(0)
    connection.disconnect()
  })
  return consumers
}

/** An engine that stores packages of functions whose name begins so only when it is opened. */
function gated(name = '') {
  const { promise, resolve } = Promise.withResolvers<void>()
  const store: typeof all.engine.store = {
    ...all.engine.store,
    put: async (key, content, options) => {
      const { promise: stopped, reject } = Promise.withResolvers<never>()
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason), {
        once: true,
      })
      if (key.startsWith(`packages/acme/${name}`)) await Promise.race([promise, stopped])
      return all.engine.store.put(key, content, options)
    },
  }
  return { engine: { ...all.engine, store }, open: resolve }
}

async function accept(
  count: number,
  more: Partial<NewBuild> = {},
  name = 'hello',
): Promise<string[]> {
  const builds = Array.from({ length: count }, () => newBuild(name, more))
  return (await all.records.accept(builds, { tenant: 'acme' })).ids
}

const states = (ids: string[]) =>
  Promise.all(ids.map(async (id) => (await all.records.get('acme', id)).state))
const untilAll = (state: string, ids: string[]) =>
  expect.poll(() => states(ids), { timeout: 10_000 }).toEqual(ids.map(() => state))
const active = (queue: string) => all.queues.get(queue).getActiveCount()

describe('consumers', () => {
  test('work off several queues, and leave no job behind', async () => {
    start()
    const ids = [...(await accept(5)), ...(await accept(5, { queue: 'python' }))]
    await untilAll('succeeded', ids)
    await expect.poll(() => active('nodejs')).toBe(0)
    expect(await all.queues.get('python').getJobCounts('wait', 'prioritized', 'failed')).toEqual({
      wait: 0,
      prioritized: 0,
      failed: 0,
    })
  })

  test('have no more builds under way than they may, over all queues, and hoard no jobs', async () => {
    const gate = gated()
    const queueNames = ['nodejs', 'python', 'go']
    const consumers = start({ engine: gate.engine, queueNames, buildsMax: 3 })
    const ids = (await Promise.all(queueNames.map((queue) => accept(6, { queue })))).flat()
    await expect.poll(() => consumers.running().length).toBe(3)
    // Beyond those that run, each queue may have one job that waits for a place.
    const held = (await Promise.all(queueNames.map(active))).reduce((sum, count) => sum + count)
    expect(held).toBeLessThanOrEqual(6)
    gate.open()
    await untilAll('succeeded', ids)
  })

  test('take from one queue again after another one had every place', async () => {
    const [long, other] = [gated('long'), gated('other')]
    const engine = { ...long.engine, store: { ...long.engine.store } }
    engine.store.put = (key, ...rest) =>
      (key.includes('/other/') ? other : long).engine.store.put(key, ...rest)
    start({ engine })
    const ids = [
      ...(await accept(1, {}, 'long')),
      ...(await accept(1, { queue: 'python' }, 'other')),
    ]
    await untilAll('running', ids)
    // By now the first queue's consumer has asked in vain, and asks no more while all is full.
    await wait(ASKED_IN_VAIN_MS)
    other.open()
    await untilAll('succeeded', ids.slice(1))
    await untilAll('succeeded', await accept(3))
    expect(await states(ids)).toEqual(['running', 'succeeded'])
    long.open()
    await untilAll('succeeded', ids)
  })

  test('let a build that was cancelled go at once', async () => {
    const gate = gated()
    const consumers = start({ engine: gate.engine })
    const [id = ''] = await accept(1)
    await expect.poll(() => consumers.running()).toEqual([{ id, attempt: 1 }])
    await all.records.cancel('acme', id, 'not wanted')
    consumers.stop(id, 'ended')
    await expect.poll(() => consumers.running()).toEqual([])
    await expect.poll(() => active('nodejs')).toBe(0)
    expect(await states([id])).toEqual(['cancelled'])
  })

  test('begin a build again elsewhere when their lock was taken away', async () => {
    const gate = gated()
    const consumers = start({ engine: gate.engine, worker: 'loses' })
    const [id = ''] = await accept(1)
    await expect.poll(() => consumers.running().length).toBe(1)
    // As a worker that was frozen finds it: its lock has run out, the job waits again.
    await all.redis.del(`${all.prefix}:nodejs:${id}:lock`)
    await expect.poll(() => consumers.running(), { timeout: 10_000 }).toEqual([])
    gate.open()
    await expect.poll(() => states([id]), { timeout: 20_000 }).toEqual(['succeeded'])
    const events = await all.records.events('acme', id)
    expect(events.filter(({ type }) => type === 'started')).toHaveLength(2)
    expect(events.filter(({ type }) => type === 'succeeded')).toHaveLength(1)
  })
})

test('a build whose workers are killed is begun five times, then it is poisoned', async () => {
  const gate = gated()
  start({ engine: gate.engine })
  const [id = ''] = await accept(1)
  // As after a kill: the lock is gone, and no attempt ends in order.
  const kill = async () => {
    await all.redis.del(`${all.prefix}:nodejs:${id}:lock`)
    return (await states([id]))[0]
  }
  await expect.poll(kill, { timeout: 80_000, interval: 500 }).toBe('failed')
  expect((await all.records.get('acme', id)).failure?.code).toBe('POISONED')
  const events = await all.records.events('acme', id)
  expect(events.filter(({ type }) => type === 'started')).toHaveLength(LIMITS.startedAttemptsMax)
}, 90_000)

describe('closing', () => {
  test('hands back what runs and gives back what has not begun, for another worker', async () => {
    const gate = gated()
    const consumers = start({ engine: gate.engine, buildsMax: 1, queueNames: ['nodejs'] })
    const second = start({ engine: gate.engine, buildsMax: 1, queueNames: ['python'] })
    const ids = [...(await accept(3)), ...(await accept(1, { queue: 'python', priority: 'bulk' }))]
    await expect
      .poll(async () => (await states(ids)).filter((one) => one === 'running'))
      .toHaveLength(2)
    await Promise.all([consumers.close(300), second.close(300)])
    expect(await states(ids)).toEqual(ids.map(() => 'queued'))
    expect(await active('nodejs')).toBe(0)
    expect(await active('python')).toBe(0)
    const counts = await all.queues.get('python').getJobCounts('prioritized')
    expect(counts).toEqual({ prioritized: 1 })
    start()
    await untilAll('succeeded', ids)
    const attempts = await Promise.all(
      ids.map(async (id) => (await all.records.get('acme', id)).attempt),
    )
    expect(attempts.toSorted()).toEqual([1, 1, 2, 2])
  })

  test('lets what ends within the time end', async () => {
    const gate = gated()
    const consumers = start({ engine: gate.engine })
    const ids = await accept(1)
    await expect.poll(() => states(ids)).toEqual(['running'])
    setTimeout(gate.open, 200)
    await consumers.close(10_000)
    expect(await states(ids)).toEqual(['succeeded'])
  })
})

describe('a build of a newer Packline', () => {
  async function held(): Promise<[string, Awaited<ReturnType<typeof jobOf>>]> {
    const [id = ''] = await accept(1)
    await all.writtenWith(2, id)
    start()
    await expect.poll(async () => (await jobOf(id)).getState()).toBe('delayed')
    return [id, await jobOf(id)]
  }
  const jobOf = async (id: string) => {
    const job = await all.queues.get('nodejs').getJob(id)
    if (!job) throw new Error('the job is gone')
    return job
  }

  test('is left to a newer worker, counts no try, and is begun when one comes', async () => {
    const [id, job] = await held()
    expect(job.attemptsMade).toBe(0)
    expect(await states([id])).toEqual(['queued'])
    await all.writtenWith(1, id)
    await untilAll('succeeded', [id])
    expect(await all.records.get('acme', id)).toMatchObject({ attempt: 1 })
  })

  test('is told by its job alone, too', async () => {
    const [id = ''] = await accept(1)
    await (await jobOf(id)).updateData({ schema: 2, tenant: 'acme' })
    start()
    await expect.poll(async () => (await jobOf(id)).getState()).toBe('delayed')
    expect(await states([id])).toEqual(['queued'])
  })
})

test('a failure that may pass is tried five times, each when its build was told', async () => {
  const put = async () => {
    throw new PacklineError('STORE_UNAVAILABLE', 'The store is away')
  }
  start({ engine: { ...all.engine, store: { ...all.engine.store, put } } })
  const [id = ''] = await accept(1)
  await expect.poll(() => states([id]), { timeout: 40_000 }).toEqual(['failed'])
  const events = await all.records.events('acme', id)
  const told = events.filter((event) => event.type === 'requeued')
  expect(told.map(({ delayMs }) => delayMs)).toEqual([1000, 2000, 4000, 8000])
  const starts = events.filter(({ type }) => type === 'started').map(({ at }) => Date.parse(at))
  expect(starts).toHaveLength(LIMITS.attemptsMax)
  const waited = told.map(
    ({ at, delayMs }, place) => (starts[place + 1] ?? 0) - Date.parse(at) - delayMs,
  )
  for (const ms of waited) expect(ms).toBeGreaterThan(-50)
  const job = await all.queues.get('nodejs').getJob(id)
  expect(job?.failedReason).toBe('the build failed; its record says why')
})
