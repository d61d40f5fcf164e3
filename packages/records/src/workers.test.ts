import { afterAll, expect, test } from 'vitest'
import { makeTestInstallation, newBuild, newWorker, SUCCEEDED } from './test-installation.ts'
import { WORKER_TTL_MS, windowOf } from './workers.ts'

const installation = await makeTestInstallation()
const { records, redis, keys } = installation
afterAll(installation.remove)

test('a worker is listed from its first beat until its time is up or it says farewell', async () => {
  await records.beat(newWorker('one', { running: 3 }))
  await records.beat(newWorker('two'))
  expect((await records.listWorkers()).map(({ id, running }) => [id, running]).sort()).toEqual([
    ['one', 3],
    ['two', 0],
  ])
  const left = await redis.pttl(keys.worker('one'))
  expect(left).toBeGreaterThan(WORKER_TTL_MS - 2000)
  expect(left).toBeLessThanOrEqual(WORKER_TTL_MS)
  await redis.pexpire(keys.worker('one'), 1)
  await expect.poll(() => redis.exists(keys.worker('one'))).toBe(0)
  expect((await records.listWorkers()).map(({ id }) => id)).toEqual(['two'])
  expect(await redis.zscore(keys.workers, 'one')).toBeNull()
  await records.farewell('two')
  expect(await records.listWorkers()).toEqual([])
})

test('a beat tells which builds to stop: ended, overtaken, unknown', async () => {
  const builds = ['runs', 'ended', 'overtaken'].map((name) => newBuild(name))
  const { ids } = await records.accept(builds, { tenant: 'acme' })
  const [runs = '', ended = '', overtaken = ''] = ids
  for (const id of ids) await records.begin(id, 'one')
  await records.finish(ended, 1, SUCCEEDED)
  await records.begin(overtaken, 'two')
  const running = [...ids, 'bunknown'].map((id) => ({ id, attempt: 1 }))
  expect(await records.beat(newWorker('one'), running)).toEqual({
    stop: [ended, overtaken, 'bunknown'],
  })
  expect(await records.beat(newWorker('one'), [{ id: runs, attempt: 1 }])).toEqual({ stop: [] })
})

test('the window is four times the slots of the farm, at least 100', () => {
  expect(windowOf([])).toBe(100)
  expect(windowOf([newWorker('one', { buildsMax: 24 })])).toBe(100)
  expect(windowOf([newWorker('one', { buildsMax: 24 }), newWorker('two')])).toBe(224)
})
