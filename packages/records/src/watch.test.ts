import type { BuildEvent } from '@packline/shared'
import { afterAll, describe, expect, test } from 'vitest'
import { connectRedis } from './connect-redis.ts'
import { makeRecords } from './make-records.ts'
import {
  makeTestInstallation,
  newBuild,
  ready,
  SUCCEEDED,
  testRedisUrl,
} from './test-installation.ts'
import { makeTestProxy } from './test-proxy.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues, prefix } = installation
afterAll(installation.remove)

async function begun(): Promise<string> {
  const [id = ''] = (await records.accept([newBuild('watched')], { tenant: 'acme' })).ids
  await records.begin(id, 'w1')
  return id
}

function say(id: string, message: string) {
  return records.note(id, 1, { events: [{ type: 'warning', message }], log: [message] })
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

function numbered(events: { seq: number }[]): number[] {
  return events.map(({ seq }) => seq)
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, place) => first + place)
}

describe('who watches a build', () => {
  test('sees what was, then what comes, each event once, and the end', async () => {
    const id = await begun()
    const watched = watch(id)
    await watched.until(2)
    await say(id, 'one')
    await watched.until(3)
    await records.finish(id, 1, SUCCEEDED, { events: [{ type: 'warning', message: 'two' }] })
    const events = await watched.done
    expect(numbered(events)).toEqual([1, 2, 3, 4, 5])
    expect(events.at(-1)).toMatchObject({ type: 'succeeded' })
    expect(events).toEqual(await records.events('acme', id))
  })

  test('resumes after the last event it saw', async () => {
    const id = await begun()
    await say(id, 'one')
    const watched = watch(id, 2)
    await watched.until(3)
    await records.finish(id, 1, SUCCEEDED)
    expect(numbered(await watched.done)).toEqual([3, 4])
    expect(await collect(records.watchBuild('acme', id, 4))).toEqual([])
    expect(await collect(records.watchBuild('acme', id, 99))).toEqual([])
  })

  test('misses nothing that is written while it begins to watch', async () => {
    const id = await begun()
    const all = Promise.all(
      Array.from({ length: 20 }, async (_, place) => {
        await say(id, `${place}`)
        return watch(id)
      }),
    )
    const watchers = await all
    await records.finish(id, 1, SUCCEEDED)
    for (const watcher of watchers) expect(numbered(await watcher.done)).toEqual(upTo(23))
  })

  test('may be slow: it gets all, and the process keeps little', async () => {
    const id = await begun()
    const events = records.watchBuild('acme', id)[Symbol.asyncIterator]()
    expect((await events.next()).value).toMatchObject({ seq: 1 })
    for (let part = 0; part < 10; part += 1) {
      const many = Array.from({ length: 100 }, (_, place) => ({
        type: 'warning' as const,
        message: `${part}-${place}`,
      }))
      await records.note(id, 1, { events: many })
    }
    await records.finish(id, 1, SUCCEEDED)
    const rest: BuildEvent[] = []
    for (let next = await events.next(); !next.done; next = await events.next()) {
      rest.push(next.value)
    }
    expect(numbered(rest)).toEqual(upTo(1003, 2))
  })

  test('stops when told, without an error', async () => {
    const id = await begun()
    const leaving = new AbortController()
    const watched = watch(id, 0, leaving.signal)
    await watched.until(2)
    leaving.abort()
    expect(numbered(await watched.done)).toEqual([1, 2])
    expect(await collect(records.watchBuild('acme', id, 0, AbortSignal.abort()))).toEqual([])
  })

  test('misses nothing when its connections are cut and made again', async () => {
    const proxy = await makeTestProxy(testRedisUrl())
    const far = connectRedis(proxy.url)
    await ready(far)
    const process = makeRecords({ redis: far, prefix, queues })
    const id = await begun()
    const watched = watch(id, 0, undefined, process)
    await watched.until(2)
    proxy.shut()
    await say(id, 'unheard')
    await say(id, 'unheard too')
    proxy.open()
    await watched.until(4)
    proxy.cut()
    await records.finish(id, 1, SUCCEEDED)
    expect(numbered(await watched.done)).toEqual([1, 2, 3, 4, 5])
    await process.close()
    far.disconnect()
    await proxy.close()
  })

  test('shares one connection with all other watchers of the process', async () => {
    const id = await begun()
    const watchers = Array.from({ length: 30 }, () => watch(id))
    await Promise.all(watchers.map((watcher) => watcher.until(2)))
    expect(await redis.pubsub('NUMSUB', keys.changes)).toEqual([keys.changes, 1])
    await records.finish(id, 1, SUCCEEDED)
    await Promise.all(watchers.map((watcher) => watcher.done))
  })
})

test('who watches a log sees its chunks while the tool runs, and the end', async () => {
  const id = await begun()
  const leaving = new AbortController()
  const chunks = records.watchLog('acme', id, 0, leaving.signal)[Symbol.asyncIterator]()
  await say(id, 'compiling 你好')
  expect((await chunks.next()).value).toEqual({ seq: 1, text: 'compiling 你好\n' })
  const second = chunks.next()
  await records.note(id, 1, { log: ['linking'] })
  expect((await second).value).toEqual({ seq: 2, text: 'linking\n' })
  const end = chunks.next()
  await records.finish(id, 1, SUCCEEDED, { log: ['done'] })
  expect((await end).value).toEqual({ seq: 3, text: 'done\n' })
  expect((await chunks.next()).done).toBe(true)
})

describe('who watches a batch', () => {
  async function batchOf(count: number) {
    const builds = Array.from({ length: count }, () => newBuild('batched'))
    const { ids, batch = '' } = await records.accept(builds, { tenant: 'acme', batch: {} })
    return { ids, batch }
  }

  async function run(id: string) {
    await records.begin(id, 'w1')
    await records.finish(id, 1, SUCCEEDED)
  }

  test('sees each change with the counts after it, and the end', async () => {
    const { ids, batch } = await batchOf(2)
    const [first = '', second = ''] = ids
    const changes = collect(records.watchBatch('acme', batch))
    await run(first)
    await records.cancel('acme', second, 'enough')
    const counts = { total: 2, queued: 1, running: 0, succeeded: 0, failed: 0, cancelled: 0 }
    expect(await changes).toEqual([
      { seq: 1, build: first, state: 'running', counts: { ...counts, running: 1 } },
      { seq: 2, build: first, state: 'succeeded', counts: { ...counts, succeeded: 1 } },
      {
        seq: 3,
        build: second,
        state: 'cancelled',
        counts: { ...counts, queued: 0, succeeded: 1, cancelled: 1 },
      },
    ])
  })

  test('resumes, also when the batch has ended', async () => {
    const { ids, batch } = await batchOf(3)
    for (const id of ids) await run(id)
    expect(numbered(await collect(records.watchBatch('acme', batch, 4)))).toEqual([5, 6])
    expect(await collect(records.watchBatch('acme', batch, 6))).toEqual([])
  })

  test('sees the last states when the list has left Redis', async () => {
    const { ids, batch } = await batchOf(3)
    for (const id of ids) await run(id)
    expect(await redis.pttl(keys.batchEvents(batch))).toBeGreaterThan(3_500_000)
    await redis.del(keys.batchEvents(batch))
    const changes = await collect(records.watchBatch('acme', batch))
    expect(changes.map(({ build, state }) => `${build} ${state}`)).toEqual(
      ids.map((id) => `${id} succeeded`),
    )
    expect(changes.at(-1)).toMatchObject({ seq: 6, counts: { queued: 0, succeeded: 3 } })
    expect(numbered(await collect(records.watchBatch('acme', batch, 5)))).toEqual([6])
    expect(await collect(records.watchBatch('acme', batch, 6))).toEqual([])
  })

  test('sees a thousand builds to the end', async () => {
    const { ids, batch } = await batchOf(1000)
    const changes = collect(records.watchBatch('acme', batch))
    await Promise.all(ids.map(run))
    expect(numbered(await changes)).toEqual(upTo(2000))
  })
})

/** Collects in the background; `until` waits for the event of that number. */
function watch(id: string, after = 0, signal?: AbortSignal, by = records) {
  const events: BuildEvent[] = []
  const done = (async () => {
    for await (const event of by.watchBuild('acme', id, after, signal)) events.push(event)
    return events
  })()
  const until = (seq: number) =>
    expect.poll(() => events.at(-1)?.seq, { timeout: 5000 }).toBeGreaterThanOrEqual(seq)
  return { done, until }
}
