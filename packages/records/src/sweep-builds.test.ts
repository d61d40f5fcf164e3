import { LIMITS } from '@packline/shared'
import { Worker } from 'bullmq'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { connectRedis } from './connect-redis.ts'
import { defineScripts } from './scripts.ts'
import {
  makeTestInstallation,
  newBuild,
  newWorker,
  SUCCEEDED,
  testRedisUrl,
} from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues, prefix } = installation
const blocking = connectRedis(testRedisUrl(), 'blocking')
const consumers: Worker[] = []

afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.close(true)))
})
afterAll(async () => {
  blocking.disconnect()
  await installation.remove()
})

async function accepted(queue: string, tenant = 'acme'): Promise<string> {
  const [id = ''] = (await records.accept([newBuild('swept', { queue })], { tenant })).ids
  return id
}

const TOO_LONG_MS = LIMITS.noWorkerMs + 1000

function absentFor(ms: number, queue: string) {
  return redis.hset(keys.absent, `1 ${queue}`, Date.now() - ms)
}

/** Those that the sweep will look at. */
async function looked(ids: string[]): Promise<string[]> {
  const scores = await redis.zmscore(keys.unfinished, ...ids)
  return ids.filter((_, place) => scores[place] !== null)
}

/** A consumer that hands jobs out by hand and so renews no lock: as one that was killed. */
function deadConsumer(queue: string, lockDuration: number): Worker {
  return consumer(queue, null, { lockDuration })
}

function consumer(queue: string, processor: null | (() => Promise<void>), options: object): Worker {
  const made = new Worker(queue, processor, { connection: blocking, prefix, ...options })
  made.on('error', () => undefined)
  consumers.push(made)
  return made
}

describe('a job that BullMQ failed because it stalled out', () => {
  test('ends its build as POISONED, once', async () => {
    const id = await accepted('stalling')
    const dead = deadConsumer('stalling', 50)
    expect((await dead.getNextJob('token'))?.id).toBe(id)
    expect(await records.begin(id, 'w1')).toMatchObject({ begun: true })

    const started: string[] = []
    const alive = consumer('stalling', async () => void started.push(id), {
      stalledInterval: 100,
      maxStalledCount: 0,
      lockDuration: 1000,
    })
    await new Promise((failed) => alive.once('failed', failed))
    expect(started).toEqual([])
    expect((await records.get('acme', id)).state).toBe('running')

    await installation.makeDue(id)
    const swept = await Promise.all([records.sweep(), installation.anotherProcess().sweep()])
    expect(swept[0].poisoned + swept[1].poisoned).toBe(1)
    expect(await records.get('acme', id)).toMatchObject({
      state: 'failed',
      failure: { code: 'POISONED', blame: 'platform' },
    })
    expect((await records.events('acme', id)).map(({ type }) => type)).toEqual([
      'queued',
      'started',
      'failed',
    ])
    expect((await records.finish(id, 1, SUCCEEDED)).ok).toBe(false)
  })
})

describe('a job that is over while its build is not', () => {
  test.each([
    ['completed', () => Promise.resolve()],
    ['failed', () => Promise.reject(new Error('READONLY You can not write'))],
  ] as const)('%s: is made anew', async (state, processor) => {
    const queue = `over-${state}`
    const id = await accepted(queue)
    await records.begin(id, 'w1')
    await redis.hset(`${prefix}:${queue}:${id}`, 'atm', LIMITS.attemptsMax)
    const hasty = consumer(queue, processor, {})
    await new Promise((ended) => hasty.once(state, ended))
    await hasty.close()
    await installation.makeDue(id)
    expect(await records.sweep()).toMatchObject({ added: 1 })
    expect(await (await queues.get(queue).getJob(id))?.getState()).toBe('waiting')
    expect(await records.begin(id, 'w2')).toMatchObject({ begun: true, attempt: 2 })
  })
})

describe('a queue without a live worker', () => {
  test('is said once in the build and its events, and no more when a worker takes it', async () => {
    const id = await accepted('java-21')
    await installation.makeDue(id)
    expect(await records.sweep()).toMatchObject({ checked: 1, waiting: 1 })
    await installation.makeDue(id)
    expect(await records.sweep()).toMatchObject({ checked: 1, waiting: 0 })
    expect(await records.get('acme', id)).toMatchObject({
      state: 'queued',
      waitingFor: 'a worker with java 21',
      zh: { waitingFor: '具备 java 21 的工作节点' },
    })
    expect((await records.events('acme', id)).at(-1)).toMatchObject({
      type: 'waiting',
      for: 'a worker with java 21',
      zh: { for: '具备 java 21 的工作节点' },
    })
    await records.begin(id, 'w1')
    expect((await records.get('acme', id)).waitingFor).toBeUndefined()
  })

  test('that gets one is no longer waited for', async () => {
    const id = await accepted('python')
    await installation.makeDue(id)
    await records.sweep()
    expect((await records.get('acme', id)).waitingFor).toBe('a worker with python')
    await records.beat(newWorker('snake', { queues: ['python'] }))
    await installation.makeDue(id)
    await records.sweep()
    expect((await records.get('acme', id)).waitingFor).toBeUndefined()
    await records.farewell('snake')
  })

  test('fails the build as NO_WORKER after the limit, with what to start', async () => {
    const id = await accepted('go')
    await installation.makeDue(id)
    await records.sweep()
    await absentFor(TOO_LONG_MS, 'go')
    await installation.acceptedBefore(TOO_LONG_MS, id)
    await installation.makeDue(id)
    expect(await records.sweep()).toMatchObject({ noWorker: 1 })
    expect(await records.get('acme', id)).toMatchObject({
      state: 'failed',
      failure: { code: 'NO_WORKER', hint: expect.stringContaining('a worker with go') },
    })
    expect(await queues.get('go').getJob(id)).toBeUndefined()
  })

  test('leaves a job that finds nothing to do, when the sweep dies before it could remove it', async () => {
    const id = await accepted('dying')
    await absentFor(TOO_LONG_MS, 'dying')
    await installation.acceptedBefore(TOO_LONG_MS, id)
    await installation.makeDue(id)
    const crashing = { ...queues, remove: () => Promise.reject(new Error('killed')) }
    await expect(installation.anotherProcess(crashing).sweep()).rejects.toThrow('killed')
    expect(await records.get('acme', id)).toMatchObject({ failure: { code: 'NO_WORKER' } })
    expect(await queues.get('dying').getJob(id)).toBeDefined()
    expect(await records.begin(id, 'w1')).toEqual({ begun: false, because: 'terminal' })
    expect(await looked([id])).toEqual([])
  })

  test('is waited for as long by a build that came when it had been away for long', async () => {
    const id = await accepted('late')
    await absentFor(TOO_LONG_MS, 'late')
    await installation.makeDue(id)
    expect(await records.sweep()).toMatchObject({ waiting: 1, noWorker: 0 })
  })

  test('ends builds that waited in their tenant list as soon as they get their job', async () => {
    const builds = Array.from({ length: 6 }, () =>
      newBuild('patient', { queue: 'away', priority: 'bulk' }),
    )
    const { ids } = await records.accept(builds, { tenant: 'patient', window: 4 })
    expect(await looked(ids)).toEqual(ids.slice(0, 4))
    await absentFor(TOO_LONG_MS, 'away')
    await installation.acceptedBefore(TOO_LONG_MS, ...ids)
    await installation.makeDue(...ids)
    // The held ones are let go: they are looked at when they have a job that could be lost.
    expect(await records.sweep()).toMatchObject({ checked: 4, noWorker: 4 })
    expect(await looked(ids)).toEqual(ids.slice(4))
    await installation.makeDue(...ids.slice(4))
    expect(await records.sweep()).toMatchObject({ noWorker: 2 })
  })

  test('is one without a worker that knows the schema of the record', async () => {
    await records.beat(newWorker('old', { queues: ['mixed'] }))
    const id = await accepted('mixed')
    await installation.writtenWith(2, id)
    await installation.makeDue(id)
    expect(await records.sweep()).toMatchObject({ waiting: 1 })
    expect(await records.get('acme', id)).toMatchObject({
      waitingFor: 'a worker with mixed of a newer Packline',
      zh: { waitingFor: '版本较新的 Packline 的、具备 mixed 的工作节点' },
    })
    const newer = { ...newWorker('newer', { queues: ['mixed'] }), schema: 2 }
    await redis.set(keys.worker('newer'), JSON.stringify(newer))
    await redis.zadd(keys.workers, Date.now(), 'newer')
    await installation.makeDue(id)
    await records.sweep()
    expect((await records.get('acme', id)).waitingFor).toBeUndefined()
    for (const worker of ['old', 'newer']) await records.farewell(worker)
  })

  test('is not waited for by a build that has begun since it was looked at', async () => {
    const id = await accepted('begun')
    await records.begin(id, 'w1')
    const run = defineScripts(redis, prefix)
    expect(await run('wait', id, 'a worker with begun', '{"type":"waiting"}')).toBe(0)
    expect((await records.get('acme', id)).waitingFor).toBeUndefined()
    expect((await records.events('acme', id)).at(-1)?.type).toBe('started')
  })

  test('does not end a build that its worker still holds', async () => {
    const id = await accepted('custom')
    await deadConsumer('custom', 30_000).getNextJob('token')
    await records.begin(id, 'w1')
    await installation.makeDue(id)
    expect(await records.sweep()).toMatchObject({ checked: 1, waiting: 0, added: 0 })
    expect((await records.get('acme', id)).waitingFor).toBeUndefined()
  })
})

describe('the sweep', () => {
  test('leaves a healthy build and a fresh one alone', async () => {
    await records.beat(newWorker('node', { queues: ['nodejs'] }))
    const id = await accepted('nodejs')
    expect((await records.sweep()).checked).toBe(0)
    await installation.makeDue(id)
    expect(await records.sweep()).toEqual({
      checked: 1,
      added: 0,
      poisoned: 0,
      waiting: 0,
      noWorker: 0,
    })
    expect((await records.sweep()).checked).toBe(0)
  })

  test('looks at a bounded number of builds per call, and at all of them in turn', async () => {
    const builds = Array.from({ length: 700 }, () => newBuild('many'))
    const { ids } = await records.accept(builds, { tenant: 'many', window: 700 })
    await installation.makeDue(...ids)
    expect((await records.sweep()).checked).toBe(500)
    expect((await records.sweep()).checked).toBe(200)
    expect((await records.sweep()).checked).toBe(0)
  })

  test('forgets builds whose record is gone', async () => {
    await installation.makeDue('bgone')
    expect((await records.sweep()).checked).toBe(0)
    expect(await redis.zscore(keys.unfinished, 'bgone')).toBeNull()
  })
})
