import { PacklineError } from '@packline/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeTestInstallation, type TestInstallation } from '../test-installation.ts'
import {
  afterLoss,
  contentOf,
  keepAll,
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

describe('what lasts', () => {
  test('is written some time after its change, once for many changes', async () => {
    await put()
    for (const sha256 of ['aa', 'bb', 'cc']) await save(sha256)
    expect(await all.records.keep()).toMatchObject({ written: 0, left: false })
    const [, due] = await all.redis.zrange(all.keys.lastingDue, '0', '-1', 'WITHSCORES')
    expect(Number(due) - Date.now()).toBeLessThanOrEqual(2000)
    await makeAllDue(all)
    expect(await all.records.keep()).toMatchObject({ written: 1, left: false })
    expect(await versionsOf(all)).toEqual([4])
    await makeAllDue(all)
    expect(await all.records.keep()).toMatchObject({ written: 0 })
  })

  test('takes the place of its older version in the store', async () => {
    await put()
    await keepAll(all)
    await put('other')
    await save('aa')
    await keepAll(all)
    expect(await versionsOf(all)).toEqual([1, 2])
  })

  test('that changes while it is written is written again', async () => {
    await put()
    await makeAllDue(all)
    const during = processWith(all, {
      store: {
        put: async (key, bytes, signal) => {
          await save('late')
          await all.store.put(key, bytes, signal)
        },
      },
    })
    await during.keep()
    await keepAll(all)
    await afterLoss(all)
    expect(await contentOf(all)).toBe('late')
  })

  test('of hundreds of functions is written in several calls', async () => {
    for (let index = 0; index < 201; index += 1) await put(`f${index}`)
    await makeAllDue(all)
    // A folder is listed as a whole here, for each of them.
    const quick = processWith(all, { store: { async *list() {} } })
    expect(await quick.keep()).toMatchObject({ written: 200, left: true })
    expect(await quick.keep()).toMatchObject({ written: 1, left: false })
  })
})

describe('a writer', () => {
  test('goes on with the others where one thing can not be read, and says which', async () => {
    for (const name of ['bad', 'good']) await put(name)
    await all.redis.set(all.keys.draft('acme', 'bad'), 'no hash')
    await makeAllDue(all)
    expect(await all.records.keep()).toMatchObject({
      written: 1,
      failed: [{ thing: 'functions acme bad', error: expect.any(Error) }],
    })
    // Said once: it is not looked at again for an hour, and still waits to be written.
    expect(await all.records.keep()).toEqual({ written: 0, left: false, failed: [] })
    expect(await all.redis.zcard(all.keys.lastingDue)).toBe(1)
  })

  test('waits for the store with all of them', async () => {
    for (const name of ['one', 'two']) await put(name)
    await makeAllDue(all)
    const away = new PacklineError('STORE_UNAVAILABLE', 'away')
    const others = processWith(all, { store: { put: () => Promise.reject(away) } })
    await expect(others.keep()).rejects.toBe(away)
    expect(await all.records.keep()).toMatchObject({ written: 2, failed: [] })
  })

  test('that was frozen, and writes late, hides no newer version', async () => {
    await put()
    await save('old')
    await makeAllDue(all)
    const inside = Promise.withResolvers<void>()
    const holding = Promise.withResolvers<void>()
    const frozen = processWith(all, {
      store: {
        put: async (key, bytes, signal) => {
          inside.resolve()
          await holding.promise
          await all.store.put(key, bytes, signal)
        },
      },
    }).keep()
    await inside.promise
    await all.redis.del(all.keys.lastingLock)
    await save('new')
    await keepAll(all)
    holding.resolve()
    await frozen
    expect(await versionsOf(all)).toHaveLength(2)
    await afterLoss(all)
    expect(await contentOf(all)).toBe('new')
    await save('newest')
    await keepAll(all)
    expect(await versionsOf(all)).toHaveLength(1)
  })
})
