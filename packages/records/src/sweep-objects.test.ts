import type { StoredPackage } from '@packline/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeRecords } from './make-records.ts'
import type { ArchiveStore } from './records.ts'
import {
  makeTestInstallation,
  newBuild,
  removeKeys,
  STORED,
  SUCCEEDED,
  type TestInstallation,
} from './test-installation.ts'
import { spied } from './test-spied.ts'
import { aDayLater, DAY_MS, storedKeys, storeObject } from './test-stored-objects.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const acme = { tenant: 'acme' }
const PACKAGE = 'packages/acme/hello/aa.zip'
const UPLOAD = 'uploads/acme/bb.zip'
const MAP = 'packages/acme/hello/dd.map'
const SBOM = 'packages/acme/hello/aa.cdx.json'
const LOST = ['packages/acme/hello/lost.zip', 'packages/acme/other/lost.zip']
const UNUSED = ['inline/acme/unused.json', 'uploads/acme/unused.jar']

const store = (key: string, ageMs?: number) => storeObject(all, key, ageMs)
const stored = () => storedKeys(all)

async function accepted(sourceKey?: string): Promise<string> {
  const [id = ''] = (await all.records.accept([newBuild('hello', { sourceKey })], acme)).ids
  return id
}

/** A build whose package lies in the store. */
async function succeeded(
  key = PACKAGE,
  sourceKey?: string,
  more: Partial<StoredPackage> = {},
): Promise<string> {
  const id = await accepted(sourceKey)
  await all.records.begin(id, 'w1')
  const stored: StoredPackage = { ...STORED, key, ...more }
  await all.records.finish(id, 1, { ...SUCCEEDED, package: stored } as typeof SUCCEEDED)
  return id
}

describe('the sweep of objects', () => {
  test('removes what nothing names, and keeps what anything does', async () => {
    const left = [PACKAGE, SBOM, MAP, UPLOAD, 'inline/acme/cc.json'].sort()
    const lostSbom = 'packages/acme/hello/lost.cdx.json'
    for (const key of [...left, ...LOST, lostSbom, ...UNUSED]) await store(key)
    await succeeded(PACKAGE, UPLOAD, { sourceMap: MAP })
    await accepted('inline/acme/cc.json')
    expect(await all.records.sweepObjects()).toEqual({ restored: 0, removed: 5 })
    expect(await stored()).toEqual(left)
    // Archived builds name the same.
    while ((await all.records.archive()).left);
    await aDayLater(all)
    expect(await all.records.sweepObjects()).toEqual({ restored: 0, removed: 0 })
    expect(await stored()).toEqual(left)
  })

  test('leaves what is younger than a day, whoever names it', async () => {
    for (const key of [...LOST, ...UNUSED]) await store(key, DAY_MS - 60_000)
    expect(await all.records.sweepObjects()).toMatchObject({ removed: 0 })
  })

  test('looks at all of them a few times a day only', async () => {
    await all.records.sweepObjects()
    await store(UNUSED[0] ?? '')
    expect(await all.records.sweepObjects()).toEqual({ restored: 0, removed: 0 })
    await aDayLater(all)
    expect(await all.records.sweepObjects()).toMatchObject({ removed: 1 })
  })

  test('leaves the packages of a function that is being built, until it is not', async () => {
    await store(LOST[0] ?? '')
    const id = await accepted()
    await all.records.begin(id, 'w1')
    expect(await all.records.sweepObjects()).toMatchObject({ removed: 0 })
    await all.records.cancel('acme', id, 'not wanted')
    await aDayLater(all)
    expect(await all.records.sweepObjects()).toMatchObject({ removed: 1 })
  })

  test('leaves a source that somebody has claimed within the day', async () => {
    for (const key of UNUSED) await store(key)
    await all.records.claim(UNUSED.slice(0, 1))
    expect(await all.records.sweepObjects()).toMatchObject({ removed: 1 })
    expect(await stored()).toEqual(UNUSED.slice(0, 1))
  })
})

describe('while an object is being removed', () => {
  /** Sweeps, and does something just before the object goes. */
  async function during(work: () => Promise<void>) {
    const remove: ArchiveStore['remove'] = async (key) => {
      await work()
      await all.store.remove(key)
    }
    const { redis, prefix, queues } = all
    const sweeper = makeRecords({ redis, prefix, queues, store: { ...all.store, remove } })
    return sweeper.sweepObjects()
  }

  test('no build of the function begins; afterwards it does', async () => {
    await store(LOST[0] ?? '')
    const id = await accepted()
    await during(async () => {
      expect(await all.records.begin(id, 'w1')).toEqual({ begun: false, because: 'later' })
    })
    expect(await stored()).toEqual([])
    expect(await all.records.begin(id, 'w1')).toMatchObject({ begun: true, attempt: 1 })
  })

  test('nobody may claim or name it; afterwards they may', async () => {
    const [key = ''] = UNUSED
    await store(key)
    const once = { ...acme, idempotency: { key: 'k', fingerprint: 'f' } }
    const builds = [newBuild('hello', { sourceKey: key })]
    await during(async () => {
      const refused = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('removed') }
      await expect(all.records.claim([key])).rejects.toMatchObject(refused)
      await expect(all.records.accept(builds, once)).rejects.toMatchObject(refused)
    })
    await all.records.claim([key])
    expect(await all.records.accept(builds, once)).toMatchObject({ replayed: false })
  })

  test('Redis that was emptied stops it: its names are no names any more', async () => {
    await store(PACKAGE)
    await store(LOST[0] ?? '')
    await succeeded()
    const { redis, prefix, queues } = all
    const emptied = spied(redis, async (command) => {
      if (command === 'packlinecondemn') await removeKeys(redis, prefix)
    })
    const sweeper = makeRecords({ redis: emptied, prefix, queues, store: all.store })
    await expect(sweeper.sweepObjects()).rejects.toThrow('lost')
    expect(await stored()).toEqual([PACKAGE, LOST[0]])
  })

  test('what was named since the first look stays', async () => {
    await store(PACKAGE)
    const { redis, prefix, queues } = all
    const late = spied(redis, async (command) => {
      if (command === 'packlinecondemn') await succeeded()
    })
    const sweeper = makeRecords({ redis: late, prefix, queues, store: all.store })
    expect(await sweeper.sweepObjects()).toMatchObject({ removed: 0 })
    expect(await stored()).toEqual([PACKAGE])
  })
})

describe('a sweeper killed', () => {
  /** After so many calls of Redis and the store nothing of it reaches either any more. */
  async function killedAfter(calls: number): Promise<'killed' | 'done'> {
    let left = calls
    const count = async () => {
      left -= 1
      if (left < 0) throw new Error('killed')
    }
    const { redis, prefix, queues } = all
    const dying: ArchiveStore = {
      ...all.store,
      async *list(folder) {
        await count()
        yield* all.store.list(folder)
      },
      remove: async (key) => {
        await count()
        await all.store.remove(key)
      },
    }
    const sweeper = makeRecords({ redis: spied(redis, count), prefix, queues, store: dying })
    return sweeper.sweepObjects().then(
      () => 'done' as const,
      () => 'killed' as const,
    )
  }

  test('between any two of its steps loses nothing that is named, and leaves nothing for ever', async () => {
    await succeeded(PACKAGE, UPLOAD)
    while ((await all.records.archive()).left);
    await all.redis.del(all.keys.segments)
    const id = await accepted()
    let end = 'killed'
    let deaths = 0
    for (let calls = 1; end === 'killed'; calls += 1) {
      for (const key of [PACKAGE, UPLOAD, ...LOST, ...UNUSED]) await store(key)
      await aDayLater(all)
      end = await killedAfter(calls)
      expect(await stored()).toEqual(expect.arrayContaining([PACKAGE, UPLOAD]))
      // Its lock runs out, another process takes over.
      await all.redis.del(all.keys.objectsLock)
      await all.records.sweepObjects()
      expect(await stored()).toEqual([PACKAGE, UPLOAD])
      expect(await all.records.begin(id, 'w1')).toMatchObject({ begun: true, attempt: calls })
      await all.records.finish(id, calls, { state: 'queued', reason: 'again', delayMs: 0 })
      deaths += 1
    }
    expect(deaths).toBeGreaterThan(20)
  })
})
