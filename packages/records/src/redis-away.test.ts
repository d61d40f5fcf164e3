import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkRedis } from './check-redis.ts'
import { connectRedis } from './connect-redis.ts'
import { makeRecords } from './make-records.ts'
import { makeQueues } from './queues.ts'
import type { Records } from './records.ts'
import { makeTestInstallation, newBuild, ready, testRedisUrl } from './test-installation.ts'
import { makeTestProxy } from './test-proxy.ts'

const installation = await makeTestInstallation()
const proxy = await makeTestProxy(testRedisUrl())
const redis = connectRedis(proxy.url)
const queues = makeQueues({ connection: redis, prefix: installation.prefix })
const records: Records = makeRecords({ redis, prefix: installation.prefix, queues })

beforeAll(() => ready(redis))
afterAll(async () => {
  proxy.open()
  await records.close()
  redis.disconnect()
  await proxy.close()
  await installation.remove()
})

const calls: [string, () => Promise<unknown>][] = [
  ['accept', () => records.accept([newBuild()], { tenant: 'acme' })],
  ['begin', () => records.begin('b1', 'w1')],
  ['get', () => records.get('acme', 'b1')],
  ['list', () => records.list('acme', { state: 'queued', function: 'a' })],
  ['sweep', () => records.sweep()],
  ['a watch', () => records.watchBuild('acme', 'b1')[Symbol.asyncIterator]().next()],
  ['a job', () => queues.add([{ id: 'b1', queue: 'go', tenant: 'acme', priority: 'bulk' }])],
]

async function timed(call: () => Promise<unknown>) {
  const start = performance.now()
  const error = await call().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { error, ms: performance.now() - start }
}

describe('Redis that refuses connections', () => {
  test.each(calls)('fails %s within two seconds, and it comes back by itself', async (_, call) => {
    proxy.shut()
    const { error, ms } = await timed(call)
    expect(error).toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
    expect(ms).toBeLessThan(2000)
    proxy.open()
    await expect
      .poll(() => records.listWorkers().catch(() => 'away'), { timeout: 5000 })
      .toEqual([])
  })
})

describe('Redis that no longer answers', () => {
  test('fails within two seconds, and it comes back by itself', async () => {
    proxy.mute()
    const all = await Promise.all(calls.map(([, call]) => timed(call)))
    for (const { error, ms } of all) {
      expect(error).toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
      expect(ms).toBeLessThan(2000)
    }
    proxy.open()
    proxy.cut()
    await expect
      .poll(() => records.listWorkers().catch(() => 'away'), { timeout: 5000 })
      .toEqual([])
  })
})

test('builds whose accepting was not answered may be there, which is said', async () => {
  proxy.mute()
  const { error } = await timed(() => records.accept([newBuild()], { tenant: 'acme' }))
  expect(error).toMatchObject({ hint: expect.stringContaining('Idempotency-Key') })
  proxy.open()
  proxy.cut()
  await expect.poll(() => records.listWorkers().catch(() => 'away'), { timeout: 5000 }).toEqual([])
})

test('builds that were accepted while jobs could not be added get them from the sweep', async () => {
  const cut = {
    ...queues,
    add: (jobs: Parameters<typeof queues.add>[0]) => {
      proxy.shut()
      return queues.add(jobs)
    },
  }
  const halfway = makeRecords({ redis, prefix: installation.prefix, queues: cut })
  const { ids } = await halfway.accept([newBuild('kept')], { tenant: 'acme' })
  proxy.open()
  await installation.makeDue(...ids)
  expect(await installation.records.sweep()).toMatchObject({ added: 1 })
})

describe('checkRedis', () => {
  test('takes a Redis that evicts nothing, and says whether it keeps what it has', async () => {
    expect(await checkRedis(installation.redis)).toEqual({
      version: expect.stringMatching(/^\d+\.\d+/),
      appendOnly: expect.any(Boolean),
    })
  })

  test('refuses one that evicts, and one that is too old', async () => {
    const info = await installation.redis.info()
    const evicting = info.replace('maxmemory_policy:noeviction', 'maxmemory_policy:allkeys-lru')
    const old = info.replace(/redis_version:\S+/, 'redis_version:5.0.14')
    await expect(checkRedis({ info: async () => evicting })).rejects.toMatchObject({
      code: 'RECORDS_UNAVAILABLE',
      message: expect.stringContaining('"allkeys-lru"'),
      hint: expect.stringContaining('noeviction'),
    })
    await expect(checkRedis({ info: async () => old })).rejects.toThrow('5.0.14')
  })
})
