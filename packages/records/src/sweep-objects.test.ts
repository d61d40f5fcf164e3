import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { StoredPackage } from '@packline/shared'
import type { Redis } from 'ioredis'
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

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const acme = { tenant: 'acme' }
const DAY_MS = 24 * 60 * 60_000
const PACKAGE = 'packages/acme/hello/aa.zip'
const UPLOAD = 'uploads/acme/bb.zip'
const LOST = ['packages/acme/hello/lost.zip', 'packages/acme/other/lost.zip']
const UNUSED = ['inline/acme/unused.json', 'uploads/acme/unused.jar']

async function store(key: string, ageMs = 2 * DAY_MS): Promise<void> {
  const path = join(all.folder, key)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, key)
  const time = new Date(Date.now() - ageMs)
  await utimes(path, time, time)
}

/** All but the archive. */
async function stored(): Promise<string[]> {
  const found = await readdir(all.folder, { recursive: true, withFileTypes: true })
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const keys = paths.map((path) => path.slice(all.folder.length + 1))
  return keys.filter((key) => !key.startsWith('builds/')).sort()
}

async function accepted(sourceKey?: string): Promise<string> {
  const [id = ''] = (await all.records.accept([newBuild('hello', { sourceKey })], acme)).ids
  return id
}

/** A build whose package lies in the store. */
async function succeeded(key = PACKAGE, sourceKey?: string): Promise<string> {
  const id = await accepted(sourceKey)
  await all.records.begin(id, 'w1')
  const stored: StoredPackage = { ...STORED, key }
  await all.records.finish(id, 1, { ...SUCCEEDED, package: stored } as typeof SUCCEEDED)
  return id
}

/** As if a day were over since sources were claimed. */
async function aDayLater() {
  await all.redis.del(all.keys.claims, all.keys.objectsSwept)
}

describe('the sweep of objects', () => {
  test('removes what nothing names, and keeps what anything does', async () => {
    for (const key of [PACKAGE, UPLOAD, 'inline/acme/cc.json', ...LOST, ...UNUSED]) await store(key)
    await succeeded(PACKAGE, UPLOAD)
    await accepted('inline/acme/cc.json')
    const left = [PACKAGE, UPLOAD, 'inline/acme/cc.json'].sort()
    expect(await all.records.sweepObjects()).toEqual({ restored: 0, removed: 4 })
    expect(await stored()).toEqual(left)
    // Archived builds name the same.
    while ((await all.records.archive()).left);
    await aDayLater()
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
    await aDayLater()
    expect(await all.records.sweepObjects()).toMatchObject({ removed: 1 })
  })

  test('leaves the packages of a function that is being built, until it is not', async () => {
    await store(LOST[0] ?? '')
    const id = await accepted()
    await all.records.begin(id, 'w1')
    expect(await all.records.sweepObjects()).toMatchObject({ removed: 0 })
    await all.records.cancel('acme', id, 'not wanted')
    await aDayLater()
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
      await aDayLater()
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

/** Redis with something done before each command. */
function spied(redis: Redis, before: (command: string) => Promise<void>): Redis {
  const passed = new Set(['defineCommand', 'duplicate', 'on', 'once', 'off'])
  return new Proxy(redis, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function' || passed.has(String(name))) return value
      return async (...given: unknown[]) => {
        await before(String(name))
        return Reflect.apply(value, target, given)
      }
    },
  })
}
