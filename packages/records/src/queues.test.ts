import { afterAll, expect, test } from 'vitest'
import { makeRecords } from './make-records.ts'
import { makeQueues } from './queues.ts'
import { makeTestInstallation, newBuild } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, queues, prefix } = installation
afterAll(installation.remove)

test('a job that exists is left as it is', async () => {
  const job = { id: 'btwice', queue: 'go', tenant: 'acme', priority: 'interactive' } as const
  await queues.add([job])
  await queues.add([{ ...job, tenant: 'other' }])
  expect(await queues.get('go').getWaitingCount()).toBe(1)
  expect((await queues.get('go').getJob('btwice'))?.data.tenant).toBe('acme')
})

test('jobs of several queues and many jobs are added at once', async () => {
  const jobs = Array.from({ length: 1200 }, (_, place) => ({
    id: `bmany${place}`,
    queue: place % 2 === 0 ? 'even' : 'odd',
    tenant: 'acme',
    priority: 'interactive' as const,
  }))
  await queues.add(jobs)
  expect(await queues.get('even').getWaitingCount()).toBe(600)
  expect(await queues.get('odd').getWaitingCount()).toBe(600)
})

test('removing says whether the job is gone', async () => {
  await queues.add([{ id: 'bgoes', queue: 'go', tenant: 'acme', priority: 'bulk' }])
  expect(await queues.remove('go', 'bgoes')).toBe(true)
  expect(await queues.remove('go', 'bgoes')).toBe(true)
  await redis.set(`${prefix}:go:bheld:lock`, 'token')
  expect(await queues.remove('go', 'bheld')).toBe(false)
})

test('every key lies in one slot of a Cluster', async () => {
  await records.accept([newBuild('slot', { priority: 'bulk' })], {
    tenant: 'acme',
    batch: {},
    idempotency: { key: 'k', fingerprint: 'f' },
  })
  const found = await redis.keys(`${prefix}*`)
  expect(found.length).toBeGreaterThan(10)
  for (const key of found) expect(key.startsWith(`${prefix}:`), key).toBe(true)
  expect(prefix).toMatch(/^\{[^{}]+\}$/)
})

test('records and queues of different installations are not mixed', () => {
  const others = makeQueues({ connection: redis, prefix: '{elsewhere}' })
  expect(() => makeRecords({ redis, prefix, queues: others })).toThrow('{elsewhere}')
})

test('a queue whose name would make keys of another is refused', () => {
  expect(() => queues.get('a:b')).toThrow('"a:b"')
})
