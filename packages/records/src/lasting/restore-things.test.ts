import { afterEach, beforeEach, describe, expect, test } from 'vitest'
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

describe('a Redis that was emptied', () => {
  test('is filled before anything is changed in it, so nothing in the store is written over', async () => {
    await put()
    await save('aa')
    await loseRedis(all)
    expect(await put()).toBe('changed')
    expect(await contentOf(all)).toBe('aa')
    await loseRedis(all)
    expect(await put('other')).toBe('created')
    await keepAll(all)
    expect(await contentOf(all)).toBe('aa')
  })

  test('is filled by a writer within a second, and says so', async () => {
    await put()
    await save('aa')
    await loseRedis(all)
    expect(await all.records.keep()).toMatchObject({ restored: { things: 1 }, written: 0 })
    expect(await contentOf(all)).toBe('aa')
    expect(await all.records.keep()).toEqual({ written: 0, left: false, failed: [] })
  })

  test('while it is being filled is not taken for full', async () => {
    await put()
    await save('aa')
    await loseRedis(all)
    const emptying = processWith(all, {
      store: {
        get: async (key, signal) => {
          await removeKeys(all.redis, all.prefix)
          return all.store.get(key, signal)
        },
      },
    })
    await emptying.restore()
    expect(await all.redis.exists(all.keys.lastingKnown)).toBe(0)
    expect(await put()).toBe('changed')
    expect(await contentOf(all)).toBe('aa')
  })

  test('while a thing is read for writing writes nothing', async () => {
    await put()
    await save('aa')
    await keepAll(all)
    await save('bb')
    await makeAllDue(all)
    const emptied = spied(all.redis, async (command) => {
      if (command === 'hgetall') await removeKeys(all.redis, all.prefix)
    })
    expect(await processWith(all, { redis: emptied }).keep()).toMatchObject({ written: 0 })
    await all.records.restore()
    expect(await contentOf(all)).toBe('aa')
  })

  test('that takes long to be filled says so to whoever wants to change something', async () => {
    await put()
    await loseRedis(all)
    const holding = Promise.withResolvers<void>()
    const slow = processWith(all, {
      store: {
        get: async (key, signal) => {
          await holding.promise
          return all.store.get(key, signal)
        },
      },
    })
    await expect(put('other', slow)).rejects.toMatchObject({
      code: 'RECORDS_UNAVAILABLE',
      message: 'Redis is being filled from the object store',
    })
    holding.resolve()
    await expect.poll(() => put('other', slow)).toBe('created')
  })
})

describe('a Redis that is older than the store', () => {
  /** As restored from a copy that was made before `later`. */
  async function setBack(later: () => Promise<unknown>) {
    const { keys, redis } = all
    const names = [
      keys.function('acme', 'hello'),
      keys.draft('acme', 'hello'),
      keys.lastingVersions,
    ]
    const copies = await Promise.all(names.map((name) => redis.dumpBuffer(name)))
    await later()
    await keepAll(all)
    await Promise.all(names.map((name, at) => redis.restore(name, 0, copies[at] ?? '', 'REPLACE')))
  }

  test('gets the newer version', async () => {
    await put()
    await save('old')
    await setBack(() => save('new'))
    expect(await contentOf(all)).toBe('old')
    expect(await all.records.restore()).toMatchObject({ things: 1 })
    expect(await contentOf(all)).toBe('new')
  })

  test('keeps what was changed in it since, which is written as the newest', async () => {
    await put()
    await save('old')
    await setBack(async () => {
      for (const sha256 of ['b', 'c', 'd']) await save(sha256)
    })
    await save('changed')
    expect(await all.records.restore()).toMatchObject({ things: 0 })
    await keepAll(all)
    await keepAll(all)
    expect(await versionsOf(all)).toHaveLength(1)
    await afterLoss(all)
    expect(await contentOf(all)).toBe('changed')
  })
})
