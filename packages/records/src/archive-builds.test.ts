import { readdir } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { LIMITS, PacklineError } from '@packline/shared'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { makeRecords } from './make-records.ts'
import type { ArchiveStore } from './records.ts'
import { finishedBuild, type Given, REPORT } from './test-finished.ts'
import { makeTestInstallation, newBuild, newRequest, SUCCEEDED } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues, prefix, folder, store } = installation
afterAll(installation.remove)
afterEach(async () => {
  await redis.del(keys.archive, keys.archiveLock)
})

const finished = (...given: Given) => finishedBuild(records, ...given)

/** As an hour later: events and log have expired. */
async function anHourLater(id: string) {
  expect(await redis.pttl(keys.events(id))).toBeGreaterThan(3_500_000)
  await redis.del(keys.events(id), keys.log(id))
}

async function segments(): Promise<string[]> {
  const found = await readdir(folder, { recursive: true })
  return found.filter((name) => name.endsWith('.ndjson.gz'))
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('a finished build', () => {
  test('answers the same from the archive as from Redis', async () => {
    const id = await finished()
    const ask = async () => ({
      report: await records.report('acme', id),
      request: await records.request('acme', id),
      events: await records.events('acme', id),
      rest: await records.events('acme', id, 2),
      log: await records.log('acme', id),
      watched: await all(records.watchBuild('acme', id)),
      resumed: await all(records.watchBuild('acme', id, 2)),
      watchedLog: await all(records.watchLog('acme', id)),
    })
    const before = await ask()
    expect(before).toMatchObject({
      report: REPORT,
      request: { request: newRequest('kept'), sourceKey: 'sources/1' },
      log: [{ seq: 1, text: 'one\ntwo: 你好\n' }],
    })
    expect(before.watched).toHaveLength(3)
    expect(await records.archive()).toEqual({ builds: 1, segments: 1, left: false, failed: [] })
    expect(await ask()).toEqual(before)
    await anHourLater(id)
    expect(await ask()).toEqual(before)
  })

  test('leaves a small record behind: neither request nor report', async () => {
    const id = await finished()
    await records.archive()
    expect(await redis.hmget(keys.build(id), 'request', 'report')).toEqual([null, null])
    const { request, ...view } = await records.get('acme', id)
    expect(request).toBeUndefined()
    expect(view).toMatchObject({ id, state: 'succeeded', function: 'kept', package: { size: 180 } })
    expect((await records.list('acme', { state: 'succeeded' })).items[0]).toEqual(view)
  })

  test('lies in a folder of its tenant and day, many builds to an object', async () => {
    const before = await segments()
    for (let count = 0; count < 30; count += 1) await finished([], 'day')
    await finished([], 'other')
    expect(await records.archive()).toEqual({ builds: 31, segments: 2, left: false, failed: [] })
    const day = new Date().toISOString().slice(0, 10)
    const made = (await segments()).filter((name) => !before.includes(name))
    expect(made.map((name) => name.slice(0, name.lastIndexOf('/'))).sort()).toEqual([
      `builds/day/${day}`,
      `builds/other/${day}`,
    ])
  })

  test('has its log to the last byte, also the longest of control characters', async () => {
    const line = '\u001b'.repeat(LIMITS.logLineBytesMax - 1)
    const [id = ''] = (await records.accept([newBuild('kept')], { tenant: 'acme' })).ids
    await records.begin(id, 'w1')
    const mebibyte = Array.from({ length: 128 }, () => line)
    for (let part = 0; part < 16; part += 1) await records.note(id, 1, { log: mebibyte })
    await records.finish(id, 1, SUCCEEDED)
    const before = await records.log('acme', id, 1000)
    await records.archive()
    await anHourLater(id)
    expect(await records.log('acme', id, 1000)).toEqual(before)
    const short = await finished(mebibyte.slice(0, 30))
    const read = await records.log('acme', short)
    await records.archive()
    await anHourLater(short)
    expect(await records.log('acme', short)).toEqual(read)
  })

  test('has its long log in an object of its own', async () => {
    const line = 'y'.repeat(LIMITS.logChunkBytesMax - 1)
    const id = await finished(Array.from({ length: 600 }, () => line))
    const before = await records.log('acme', id, 550)
    expect(before).toHaveLength(50)
    await records.archive()
    await anHourLater(id)
    expect(await records.log('acme', id, 550)).toEqual(before)
    expect(await all(records.watchLog('acme', id))).toHaveLength(600)
  })
})

test('many builds of one segment are read with one look at the store', async () => {
  const ids = [await finished(), await finished(), await finished()]
  await records.archive()
  let looks = 0
  const get: ArchiveStore['get'] = (key, signal) => {
    looks += 1
    return store.get(key, signal)
  }
  const others = makeRecords({ redis, prefix, queues, store: { ...store, get } })
  await Promise.all(ids.map((id) => others.request('acme', id)))
  for (const id of ids) await others.report('acme', id)
  expect(looks).toBe(1)
})

describe('an archiver', () => {
  test('killed between object and records writes again and loses nothing', async () => {
    const id = await finished()
    const killed: ArchiveStore = {
      ...store,
      put: async (key, bytes, signal) => {
        await store.put(key, bytes, signal)
        throw new Error('killed')
      },
    }
    const halfway = makeRecords({ redis, prefix, queues, store: killed })
    const before = (await segments()).length
    await expect(halfway.archive()).rejects.toThrow('killed')
    expect(await redis.zscore(keys.archive, id)).not.toBeNull()
    expect((await records.request('acme', id)).request.function).toBe('kept')

    expect(await records.archive()).toMatchObject({ builds: 1 })
    expect((await segments()).length).toBe(before + 2)
    await anHourLater(id)
    expect(await records.events('acme', id)).toHaveLength(3)
  })

  test('killed between a long log and the segment that names it writes both again', async () => {
    const id = await finished(Array.from({ length: 400 }, () => 'x'.repeat(1000)))
    const before = await records.log('acme', id)
    const killed: ArchiveStore = {
      ...store,
      put: async (key, bytes, signal) => {
        if (!key.endsWith('.log.gz')) throw new PacklineError('STORE_UNAVAILABLE', 'killed')
        await store.put(key, bytes, signal)
      },
    }
    const halfway = makeRecords({ redis, prefix, queues, store: killed })
    await expect(halfway.archive()).rejects.toThrow('killed')
    expect(await records.log('acme', id)).toEqual(before)
    expect(await records.archive()).toMatchObject({ builds: 1 })
    await anHourLater(id)
    expect(await records.log('acme', id)).toEqual(before)
  })

  test('goes on with the others where one record can not be read, and says which', async () => {
    const [bad, good] = [await finished(), await finished()]
    await redis.hset(keys.build(bad), 'request', '{cut')
    expect(await records.archive()).toMatchObject({
      builds: 1,
      left: false,
      failed: [{ id: bad, error: expect.any(SyntaxError) }],
    })
    expect(await redis.hget(keys.build(good), 'archivedIn')).not.toBeNull()
    // Said once: it is not looked at again for an hour, and still waits to be archived.
    expect(await records.archive()).toMatchObject({ builds: 0, failed: [] })
    expect(Number(await redis.zscore(keys.archive, bad))).toBeGreaterThan(Date.now() + 3_500_000)
  })

  test('waits for the store with all builds, also one with a log of its own', async () => {
    const id = await finished(Array.from({ length: 400 }, () => 'x'.repeat(1000)))
    const away = new PacklineError('STORE_UNAVAILABLE', 'away')
    const put = () => Promise.reject(away)
    const others = makeRecords({ redis, prefix, queues, store: { ...store, put } })
    await expect(others.archive()).rejects.toBe(away)
    expect(await records.archive()).toMatchObject({ builds: 1, failed: [] })
    expect(await redis.hget(keys.build(id), 'archivedIn')).not.toBeNull()
  })

  test('that was killed is missed within seconds, and its lock is nobody else its own', async () => {
    await finished()
    await redis.set(keys.archiveLock, 'killed', 'PX', 3000, 'NX')
    await expect
      .poll(async () => (await records.archive()).builds, { timeout: 4500, interval: 200 })
      .toBe(1)
  })

  test('keeps its lock while the store is slow, and gives no other back', async () => {
    await finished()
    const slow: ArchiveStore = {
      ...store,
      put: async (key, bytes, signal) => {
        await wait(4000)
        // As if the process had been frozen for long: another one has taken over.
        expect(await redis.get(keys.archiveLock)).toEqual(expect.any(String))
        await redis.set(keys.archiveLock, 'another')
        await store.put(key, bytes, signal)
      },
    }
    const slowly = makeRecords({ redis, prefix, queues, store: slow }).archive()
    await wait(3500)
    expect((await records.archive()).builds).toBe(0)
    expect(await slowly).toMatchObject({ builds: 1 })
    expect(await redis.get(keys.archiveLock)).toBe('another')
  })

  test('that was thought dead does not take a build over with less than there was', async () => {
    const id = await finished()
    const holding = Promise.withResolvers<void>()
    const inside = Promise.withResolvers<void>()
    const slow: ArchiveStore = {
      ...store,
      put: async (key, bytes, signal) => {
        inside.resolve()
        await holding.promise
        await store.put(key, bytes, signal)
      },
    }
    const slowly = makeRecords({ redis, prefix, queues, store: slow }).archive()
    await inside.promise
    expect(await records.archive()).toEqual({ builds: 0, segments: 0, left: false, failed: [] })
    await redis.del(keys.archiveLock)
    expect(await records.archive()).toMatchObject({ builds: 1 })
    const segment = await redis.hget(keys.build(id), 'archivedIn')
    holding.resolve()
    await slowly
    expect(await redis.hget(keys.build(id), 'archivedIn')).toBe(segment)
    expect((await records.request('acme', id)).request.function).toBe('kept')
  })

  test('takes only what has ended', async () => {
    const { ids } = await records.accept([newBuild(), newBuild()], { tenant: 'acme' })
    await records.begin(ids[0] ?? '', 'w1')
    expect(await records.archive()).toEqual({ builds: 0, segments: 0, left: false, failed: [] })
  })

  test('says when more is left than one call takes', async () => {
    const builds = Array.from({ length: 510 }, () => newBuild('many'))
    const { batch = '' } = await records.accept(builds, { tenant: 'many', batch: {} })
    await records.cancelBatch('many', batch, 'only to end')
    expect(await records.archive()).toMatchObject({ builds: 500, left: true })
    expect(await records.archive()).toMatchObject({ builds: 10, left: false, failed: [] })
  })

  test('forgets a build whose record is gone', async () => {
    await redis.zadd(keys.archive, 1, 'bgone')
    await records.archive()
    expect(await redis.zcard(keys.archive)).toBe(0)
  })
})
