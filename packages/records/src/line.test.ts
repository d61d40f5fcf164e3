import { Worker } from 'bullmq'
import { afterAll, expect, test } from 'vitest'
import { connectRedis } from './connect-redis.ts'
import { makeTestInstallation, newBuild, SUCCEEDED, testRedisUrl } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, queues, prefix } = installation
const blocking = connectRedis(testRedisUrl(), 'blocking')
afterAll(async () => {
  blocking.disconnect()
  await installation.remove()
})

/** As a worker does it, with the packing left out. */
function consume(name: string): Worker {
  const own = installation.anotherProcess()
  const consumer = new Worker(
    'nodejs',
    async (job) => {
      const beginning = await own.begin(job.id ?? '', name)
      if (beginning.begun) await own.finish(job.id ?? '', beginning.attempt, SUCCEEDED)
    },
    { connection: blocking, prefix, concurrency: 10 },
  )
  consumer.on('error', () => undefined)
  return consumer
}

test('two consumers work a batch off through the window, and an interactive build overtakes it', async () => {
  const builds = Array.from({ length: 400 }, () => newBuild('bulk', { priority: 'bulk' }))
  const { batch = '', ids } = await records.accept(builds, {
    tenant: 'acme',
    batch: {},
    window: 20,
  })
  const [now = ''] = (await records.accept([newBuild('now')], { tenant: 'acme' })).ids
  const consumers = [consume('one'), consume('two')]
  const order: string[] = []
  for await (const { build, state, counts } of records.watchBatch('acme', batch)) {
    if (state === 'succeeded') order.push(build ?? '')
    if (counts.succeeded === 100) {
      expect((await records.get('acme', now)).state).toBe('succeeded')
      const queued = await queues.get('nodejs').getPrioritizedCount()
      expect(queued).toBeLessThanOrEqual(20)
    }
  }
  await Promise.all(consumers.map((consumer) => consumer.close()))

  expect([...order].sort()).toEqual(ids)
  expect(await records.getBatch('acme', batch)).toMatchObject({
    finished: true,
    counts: { succeeded: 400, queued: 0, running: 0 },
  })
  expect(await queues.get('nodejs').getJobCounts('active', 'waiting', 'failed')).toEqual({
    active: 0,
    waiting: 0,
    failed: 0,
  })
  for (const left of ['held:acme', 'window:acme', 'holding', 'unfinished']) {
    expect(await redis.exists(`${prefix}:${left}`), left).toBe(0)
  }
})

test('a build costs Redis little once it was archived', async () => {
  const [id = ''] = (await records.accept([newBuild('small')], { tenant: 'small' })).ids
  await records.begin(id, 'w1')
  await records.finish(id, 1, SUCCEEDED, { log: ['one line'] })
  while ((await records.archive()).left);
  const usage = async (kind: string) => {
    // All of it: from the usual few samples Redis guesses by half as much again.
    const bytes = await redis.memory('USAGE', `${prefix}:${kind}:${id}`, 'SAMPLES', 0)
    return Number(bytes)
  }
  expect(await usage('build')).toBeLessThan(2048)
  expect(await usage('events')).toBeLessThan(2048)
  expect(await redis.pttl(`${prefix}:events:${id}`)).toBeGreaterThan(0)
  expect(await redis.pttl(`${prefix}:log:${id}`)).toBeGreaterThan(0)
})
