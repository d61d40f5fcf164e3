import { type DependencyPin, LIMITS, PacklineError } from '@packline/shared'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { answer } from './answer.ts'
import { makeKeys } from './keys.ts'
import type { Queues } from './queues.ts'
import { makeTestInstallation, newBuild, newRequest } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues, prefix } = installation
afterEach(async () => {
  expect(await redis.keys(`${prefix}:staged:*`)).toEqual([])
  expect(await redis.exists(keys.unfolding)).toBe(0)
})
afterAll(installation.remove)

const many = (count: number, name = 'many') =>
  Array.from({ length: count }, (_, place) =>
    newBuild(name, { priority: 'bulk', request: newRequest(`${name}-${place}`) }),
  )

/** How often a script made builds, and for how many ms Redis did nothing else at worst. */
async function scriptsOf(work: () => Promise<unknown>) {
  await redis.config('SET', 'slowlog-log-slower-than', '1000')
  await redis.config('SET', 'slowlog-max-len', '1000')
  await redis.slowlog('RESET')
  await work()
  const all = (await redis.slowlog('GET', 1000)) as [number, number, number, string[]][]
  await redis.config('SET', 'slowlog-log-slower-than', '10000')
  const own = all.filter(([, , , argv]) => argv.includes(`${prefix}:unfold`))
  return { count: own.length, worst: Math.max(0, ...own.map(([, , us]) => us / 1000)) }
}

describe('a batch that is too large for one script', () => {
  test('of 10,000 builds is accepted whole, by scripts that make a thousand each', async () => {
    const builds = many(LIMITS.batchBuildsMax)
    let ids: string[] = []
    let batch = ''
    const { count, worst } = await scriptsOf(async () => {
      const accepted = await records.accept(builds, { tenant: 'large', batch: {}, window: 100 })
      ids = accepted.ids
      batch = accepted.batch ?? ''
    })
    process.stdout.write(`10,000 builds: longest script ${worst.toFixed(0)} ms\n`)
    // How long each takes depends on what else the machine does; decision 0067 has the numbers.
    expect(count).toBe(10)
    expect(await redis.zcard(keys.index('large', { batch }))).toBe(10_000)
    expect((await records.getBatch('large', batch)).counts).toMatchObject({
      total: 10_000,
      queued: 10_000,
    })
    const jobs = await queues.get('nodejs').getPrioritizedCount()
    expect(jobs).toBe(100)
    expect(await records.get('large', ids.at(-1) ?? '')).toMatchObject({
      function: 'many-9999',
      state: 'queued',
      batch,
    })
    expect(await records.cancelBatch('large', batch, 'not wanted')).toEqual({ cancelled: 10_000 })
  }, 60_000)

  test('is made once for an idempotency key, and answered as before', async () => {
    const idempotency = { key: 'large once', fingerprint: 'f' }
    const options = { tenant: 'once', batch: {}, idempotency, answer: { refused: [3] } }
    const first = await records.accept(many(1001), options)
    const second = await records.accept(many(1001), options)
    expect(second).toEqual({ ...first, replayed: true })
    expect(first.answer).toEqual({ refused: [3] })
    expect(await redis.zcard(keys.index('once', 'all'))).toBe(1001)
    const other = { ...idempotency, fingerprint: 'g' }
    await expect(
      records.accept(many(1001), { ...options, idempotency: other }),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
  })

  test('with a dependency package that is there no more is refused whole', async () => {
    const builds = many(1500)
    const pin: DependencyPin = { name: 'libs', revision: 7, sha256: 'a', size: 1 }
    Object.assign(builds.at(-1)?.request ?? {}, { dependencies: [pin] })
    await expect(records.accept(builds, { tenant: 'gone', batch: {} })).rejects.toMatchObject({
      code: 'DEPENDENCY_PACKAGE_NOT_FOUND',
    })
    expect((await records.list('gone', {})).items).toEqual([])
    expect((await records.listBatches('gone')).items).toEqual([])
    const [left = ''] = await redis.keys(`${prefix}:staged:*`)
    expect(await redis.pttl(left)).toBeGreaterThan(0)
    await redis.del(left)
  })

  test('with derived ids is counted once, however often it is accepted', async () => {
    const derived = many(1200).map((build, n) => ({
      ...build,
      id: `bderived${String(n).padStart(19, '0')}`,
    }))
    const options = { tenant: 'derived', batch: { id: 'batchderivedlarge' } }
    await records.accept(derived.slice(0, 1100), options)
    await Promise.all([records.accept(derived, options), records.accept(derived, options)])
    const { counts } = await records.getBatch('derived', 'batchderivedlarge')
    expect(counts).toMatchObject({ total: 1200, queued: 1200 })
    expect(await redis.zcard(keys.index('derived', 'all'))).toBe(1200)
  })

  test('takes text that is no whole character', async () => {
    const builds = many(1001)
    Object.assign(builds[5]?.request ?? {}, { labels: { half: '\ud83d"\\\n' } })
    const { ids } = await records.accept(builds, { tenant: 'half', batch: {} })
    expect(await records.get('half', ids[5] ?? '')).toMatchObject({ state: 'queued' })
    const found = await records.list('half', { label: { name: 'half', value: '\ufffd"\\\n' } })
    expect(found.items.map(({ id }) => id)).toEqual([ids[5]])
  })
})

describe('a process that died', () => {
  /** As commitBatch leaves it when the process is killed after its script. */
  async function committed(tenant: string, count: number) {
    const dying = installation.anotherProcess()
    const dead = new PacklineError('RECORDS_UNAVAILABLE', 'killed')
    const original = Reflect.get(redis, 'packlineunfold')
    Reflect.set(redis, 'packlineunfold', () => Promise.reject(dead))
    try {
      return await dying.accept(many(count), { tenant, batch: {}, window: 100 })
    } finally {
      Reflect.set(redis, 'packlineunfold', original)
    }
  }

  test('after it had accepted a batch leaves it to the sweep, which makes all of it', async () => {
    const { batch = '', ids } = await committed('died', 2500)
    expect((await records.getBatch('died', batch)).counts.queued).toBe(2500)
    expect(await redis.zcard(keys.index('died', 'all'))).toBe(0)
    await Promise.all([records.sweep(), installation.anotherProcess().sweep()])
    expect(await redis.zcard(keys.index('died', { batch }))).toBe(2500)
    const first = await Promise.all(ids.slice(0, 101).map((id) => queues.get('nodejs').getJob(id)))
    expect(first.map((job) => job?.id)).toEqual([...ids.slice(0, 100), undefined])
  })

  test('is no reason for a cancelled batch to be built: cancelling makes the rest first', async () => {
    const { batch = '' } = await committed('cancelled', 1300)
    expect(await records.cancelBatch('cancelled', batch, 'no')).toEqual({ cancelled: 1300 })
    expect((await records.getBatch('cancelled', batch)).finished).toBe(true)
  })

  test('before it had accepted a batch leaves nothing that lasts', async () => {
    const dying = installation.anotherProcess()
    const original = Reflect.get(redis, 'packlinecommit')
    Reflect.set(redis, 'packlinecommit', () => Promise.reject(new Error('killed')))
    await expect(dying.accept(many(1001), { tenant: 'never', batch: {} })).rejects.toThrow('killed')
    Reflect.set(redis, 'packlinecommit', original)
    const [left = ''] = await answer(redis.keys(`${prefix}:staged:*`))
    expect(await redis.pttl(left)).toBeLessThanOrEqual(600_000)
    await records.sweep()
    expect((await records.list('never', {})).items).toEqual([])
    await redis.del(left)
  })

  test('and a batch whose keys somebody removed do not stop the sweep', async () => {
    const { batch = '' } = await committed('removed', 1001)
    await redis.del(makeKeys(prefix).batch(batch))
    await records.sweep()
    expect((await records.list('removed', {})).items).toEqual([])
  })
})

test('jobs that could not be added are added by the sweep', async () => {
  const dead = new PacklineError('RECORDS_UNAVAILABLE', 'away')
  const away: Queues = { ...queues, add: () => Promise.reject(dead) }
  const halfway = installation.anotherProcess(away)
  const { ids } = await halfway.accept(many(1100), { tenant: 'jobless', batch: {}, window: 100 })
  await installation.makeDue(...ids.slice(0, 100))
  expect((await records.sweep()).added).toBe(100)
})
