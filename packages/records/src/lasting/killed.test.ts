import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ArchiveStore, Records } from '../records.ts'
import { makeTestInstallation, removeKeys, type TestInstallation } from '../test-installation.ts'
import { spied } from '../test-spied.ts'
import {
  afterLoss,
  contentOf,
  keepAll,
  loseRedis,
  makeAllDue,
  processWith,
  SETTINGS,
  saveDraft,
  versionsOf,
} from './test-lasting.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const put = (name = 'hello', records = all.records) => records.functions.put('acme', name, SETTINGS)
const save = (sha256: string, name = 'hello') => saveDraft(all.records, name, { 'a.js': sha256 })

test('a writer killed between any two of its steps loses nothing, and is followed by another', async () => {
  await put()
  await save('0')
  await keepAll(all)
  let end = 'killed'
  let calls = 1
  for (; end === 'killed'; calls += 1) {
    await save(`${calls}`)
    await makeAllDue(all)
    end = await killedAfter(calls, (records) => records.keep())
    const inRedis = await all.redis.hgetall(all.keys.draft('acme', 'hello'))
    // Redis is lost with it: what is in the store is whole, older or not.
    await afterLoss(all)
    expect([`${calls}`, `${calls - 1}`]).toContain(await contentOf(all))
    // Or Redis lives: another writer does it.
    await all.redis.hset(all.keys.draft('acme', 'hello'), inRedis)
    await put()
    await keepAll(all)
    await afterLoss(all)
    expect(await contentOf(all)).toBe(`${calls}`)
  }
  expect(calls).toBeGreaterThan(10)
  expect(await versionsOf(all)).toHaveLength(1)
})

test('restoring is killed between any two steps, and ends when it is begun anew', async () => {
  for (const name of ['one', 'two', 'three']) await put(name)
  await all.records.functions.drop('acme', 'three')
  for (const name of ['one', 'two']) await save(name, name)
  const before = (await all.records.functions.list('acme')).items
  await loseRedis(all)
  let end = 'killed'
  let calls = 1
  for (; end === 'killed'; calls += 1) {
    await removeKeys(all.redis, all.prefix)
    end = await killedAfter(calls, (records) => records.restore())
    expect(await all.redis.exists(all.keys.lastingKnown)).toBe(end === 'done' ? 1 : 0)
    await all.records.restore()
    expect((await all.records.functions.list('acme')).items).toEqual(before)
    expect([await contentOf(all, 'one'), await contentOf(all, 'two')]).toEqual(['one', 'two'])
  }
  expect(calls).toBeGreaterThan(8)
})

/** After so many calls of Redis and the store nothing of it reaches either any more. */
async function killedAfter(calls: number, work: (records: Records) => Promise<unknown>) {
  let left = calls
  const count = async () => {
    left -= 1
    if (left < 0) throw new Error('killed')
  }
  const counted = {
    async *list(folder: string) {
      await count()
      yield* all.store.list(folder)
    },
    put: async (...given: Parameters<ArchiveStore['put']>) => {
      await count()
      await all.store.put(...given)
    },
    get: async (...given: Parameters<ArchiveStore['get']>) => {
      await count()
      return all.store.get(...given)
    },
    remove: async (key: string) => {
      await count()
      await all.store.remove(key)
    },
  }
  const dying = processWith(all, { store: counted, redis: spied(all.redis, count) })
  const end = await work(dying).then(
    () => 'done',
    () => 'killed',
  )
  await all.redis.del(all.keys.lastingLock)
  return end
}
