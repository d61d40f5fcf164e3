import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readObject } from '../archive-object.ts'
import { afterLoss, keepAll, loseRedis, processWith } from '../lasting/test-lasting.ts'
import type { Records } from '../records.ts'
import { makeTestInstallation, type TestInstallation } from '../test-installation.ts'
import { idOfKey } from './key-text.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const ask = { name: 'ci', scope: 'build' } as const
const create = (more = {}, tenant = 'acme') =>
  all.records.apiKeys.create(tenant, { ...ask, ...more }, 'env_1')
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()

/** Every name and value that Redis holds of the installation. */
async function allOfRedis(): Promise<string> {
  const { redis, prefix } = all
  const found: string[] = []
  for (const name of await redis.keys(`${prefix}*`)) {
    const type = await redis.type(name)
    const value = type === 'hash' ? await redis.hgetall(name) : await redis.dump(name)
    found.push(name, JSON.stringify(value))
  }
  return found.join('\n')
}

describe('a key', () => {
  test('is known by its text to every process, and by nothing else', async () => {
    const { key, id, ...view } = await create()
    expect(view).toMatchObject({ name: 'ci', scope: 'build', createdBy: 'env_1' })
    expect(key.startsWith(`${id}_`)).toBe(true)
    const known = { id, tenant: 'acme', name: 'ci', scope: 'build' }
    for (const records of [all.records, all.anotherProcess()]) {
      expect(await records.apiKeys.find(key)).toEqual(known)
      const last = key.at(-1) === 'A' ? 'B' : 'A'
      for (const wrong of [`${key.slice(0, -1)}${last}`, id, `${key}x`, `x${key}`, '', 'pkl_']) {
        expect(await records.apiKeys.find(wrong)).toBeUndefined()
      }
    }
  })

  test('is nowhere in Redis and in the store, only a digest of it', async () => {
    const { key, id } = await create()
    await all.records.apiKeys.find(key)
    await keepAll(all)
    const secret = key.slice(id.length + 1)
    const kept = await allOfRedis()
    expect(kept).toContain(id)
    expect(kept).not.toContain(secret)
    const [object] = await Array.fromAsync(all.store.list('lasting/keys/'))
    const text = await readObject(all.store, object?.key ?? '')
    expect(text).toContain(id)
    expect(text).not.toContain(secret)
  })

  test('of another tenant is neither listed nor revoked', async () => {
    const { id, key } = await create()
    const { apiKeys } = all.records
    expect(await apiKeys.list('other')).toEqual({ items: [], next: undefined })
    await expect(apiKeys.revoke('other', id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await apiKeys.find(key)).toMatchObject({ tenant: 'acme' })
  })

  test('that would have expired already is refused, and one that expires says when', async () => {
    await expect(create({ expiresAt: inMs(-1) })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      at: 'expiresAt',
    })
    const expiresAt = '2100-01-01T02:00:00.000+02:00'
    const { key } = await create({ expiresAt })
    const found = await all.records.apiKeys.find(key)
    expect(found?.expiresAt).toBe('2100-01-01T00:00:00.000Z')
  })

  test('is refused where a tenant has as many as it may', async () => {
    const { redis, keys } = all
    const ids = Array.from({ length: 1000 }, (_, at) => `pkl_${at}`)
    await redis.zadd(keys.apiKeys('acme'), ...ids.flatMap((id) => [0, id]))
    await expect(create()).rejects.toMatchObject({ code: 'CONFLICT' })
    await create({}, 'other')
  })

  test('is listed newest first, page by page, without what is secret', async () => {
    const made = [await create(), await create({ scope: 'read' }), await create()]
    const { apiKeys } = all.records
    const first = await apiKeys.list('acme', { limit: 2 })
    const second = await apiKeys.list('acme', { limit: 2, cursor: first.next })
    const listed = [...first.items, ...second.items]
    expect(listed).toEqual(made.reverse().map(({ key: _key, ...view }) => view))
    expect(second.next).toBeUndefined()
  })
})

describe('that a key is used', () => {
  const lastUsed = async () => (await all.records.apiKeys.list('acme')).items[0]?.lastUsedAt

  test('is written with the first use and then once a minute, whichever process has it', async () => {
    const { key, id } = await create()
    expect(await lastUsed()).toBeUndefined()
    await all.records.apiKeys.find(key)
    await expect.poll(lastUsed).toEqual(expect.any(String))
    const used = inMs(-59_000)
    await all.redis.hset(all.keys.apiKey(id), 'usedAt', used)
    await all.anotherProcess().apiKeys.find(key)
    expect(await lastUsed()).toBe(used)
    await all.redis.hset(all.keys.apiKey(id), 'usedAt', inMs(-61_000))
    await all.anotherProcess().apiKeys.find(key)
    await expect
      .poll(async () => Date.parse((await lastUsed()) ?? ''))
      .toBeGreaterThan(Date.now() - 30_000)
  })

  test('does not bring back one that was revoked', async () => {
    const { key, id } = await create()
    await all.records.apiKeys.find(key)
    await expect.poll(lastUsed).toBeDefined()
    await all.records.apiKeys.revoke('acme', id)
    expect(await all.redis.exists(all.keys.apiKey(id))).toBe(0)
  })
})

describe('a revoked key', () => {
  /** Finds it once, so that it listens and remembers. */
  async function knowing(key: string): Promise<Records> {
    const records = all.anotherProcess()
    expect(await records.apiKeys.find(key)).toBeDefined()
    return records
  }

  test('is forgotten at once by every process, and ends what is open there', async () => {
    const { key, id } = await create()
    const other = await create()
    const processes = [await knowing(key), await knowing(key)]
    const ended: string[] = []
    for (const { apiKeys } of processes) {
      apiKeys.hold({ id }, () => ended.push('a stream'))
      apiKeys.hold(other, () => ended.push('another key'))
      apiKeys.hold({ id }, () => ended.push('let go'))()
    }
    // Only who has heard of the subscription hears of what is published.
    const heard = async () => (await all.redis.pubsub('NUMSUB', all.keys.revokedKeys))[1]
    await expect.poll(heard).toBe(2)
    const before = Date.now()
    await all.records.apiKeys.revoke('acme', id)
    for (const { apiKeys } of processes) {
      await expect.poll(() => apiKeys.find(key), { interval: 5 }).toBeUndefined()
    }
    expect(Date.now() - before).toBeLessThan(900)
    await expect.poll(() => ended).toEqual(['a stream', 'a stream'])
    expect(await processes[0]?.apiKeys.find(other.key)).toBeDefined()
  })

  test('is taken no more where the store is away, which hears of it later', async () => {
    const { key, id } = await create()
    await keepAll(all)
    const put = () => Promise.reject(new Error('away'))
    await processWith(all, { store: { put } }).apiKeys.revoke('acme', id)
    expect(await all.anotherProcess().apiKeys.find(key)).toBeUndefined()
    await keepAll(all)
    await afterLoss(all)
    expect(await all.anotherProcess().apiKeys.find(key)).toBeUndefined()
  })

  test('is missed within a second where nobody hears that it was', async () => {
    const { key, id } = await create()
    const deaf = await knowing(key)
    await all.redis.del(all.keys.apiKey(id))
    await expect.poll(() => deaf.apiKeys.find(key), { timeout: 1500 }).toBeUndefined()
  })

  test('ends what is open also where the connection was cut while it was revoked', async () => {
    const { key, id } = await create()
    const records = await knowing(key)
    let ended = 0
    records.apiKeys.hold({ id }, () => {
      ended += 1
    })
    await expect
      .poll(async () => (await all.redis.pubsub('NUMSUB', all.keys.revokedKeys))[1])
      .toBe(1)
    await all.redis.del(all.keys.apiKey(id))
    await all.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await expect.poll(() => ended).toBe(1)
  })
})

test('what is open ends when its key expires', async () => {
  const { id, expiresAt } = await create({ expiresAt: inMs(300) })
  const { promise, resolve } = Promise.withResolvers<void>()
  all.records.apiKeys.hold({ id, expiresAt }, resolve)
  // Beyond what one timer takes.
  const far = all.records.apiKeys.hold(await create({ expiresAt: inMs(1e12) }), () => {
    throw new Error('ended too soon')
  })
  await promise
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt ?? '') - 5)
  far()
})

describe('a Redis that was lost', () => {
  test('has the same keys again, and not those that were revoked', async () => {
    const kept = await create({ expiresAt: inMs(1e9) })
    const gone = await create()
    await all.records.apiKeys.revoke('acme', gone.id)
    const before = await all.records.apiKeys.list('acme')
    await loseRedis(all)
    await all.records.restore()
    expect(await all.records.apiKeys.list('acme')).toEqual(before)
    const { apiKeys } = all.anotherProcess()
    expect(await apiKeys.find(kept.key)).toMatchObject({ id: kept.id, tenant: 'acme' })
    expect(await apiKeys.find(gone.key)).toBeUndefined()
  })

  test('right after a key was revoked does not have it again', async () => {
    const { key, id } = await create()
    await keepAll(all)
    await all.records.apiKeys.revoke('acme', id)
    await afterLoss(all)
    expect(await all.anotherProcess().apiKeys.find(key)).toBeUndefined()
    expect(await all.records.apiKeys.list('acme')).toMatchObject({ items: [] })
  })

  test('is filled before a key is said to be unknown', async () => {
    const { key, id } = await create()
    await loseRedis(all)
    expect(await all.anotherProcess().apiKeys.find(key)).toMatchObject({ id })
  })

  test('that is older than the store loses what was revoked since, everywhere', async () => {
    const { key, id } = await create()
    const { redis, keys } = all
    const names = [keys.apiKey(id), keys.apiKeys('acme'), keys.lastingVersions]
    const copies = await Promise.all(names.map((name) => redis.dumpBuffer(name)))
    await all.records.apiKeys.revoke('acme', id)
    await keepAll(all)
    await Promise.all(names.map((name, at) => redis.restore(name, 0, copies[at] ?? '', 'REPLACE')))
    const { apiKeys } = all.anotherProcess()
    expect(await apiKeys.find(key)).toBeDefined()
    await all.records.restore()
    await expect.poll(() => apiKeys.find(key)).toBeUndefined()
  })
})

test.each([
  ['pkl_01kaz5w2m70000000000000000_', 43, true],
  ['pkl_01kaz5w2m70000000000000000_', 42, false],
  ['pkl_01kaz5w2m7000000000000000_', 43, false],
  ['PKL_01kaz5w2m70000000000000000_', 43, false],
])('%s and %i characters: a key of ours %s', (start, count, isKey) => {
  const id = idOfKey(start + 'a'.repeat(count))
  expect(id).toBe(isKey ? start.slice(0, -1) : undefined)
})
