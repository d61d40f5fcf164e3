import { LIMITS } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { labelKey } from './keys.ts'
import type { Queues } from './queues.ts'
import { makeTestInstallation, newBuild, newRequest } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues } = installation
afterAll(installation.remove)

const acme = { tenant: 'acme' }

describe('accept', () => {
  test('writes the record with tenant and schema, the first event, and a job that carries ids only', async () => {
    const [id = ''] = (await records.accept([newBuild('first')], acme)).ids
    expect(id).toMatch(/^b[0-9a-z]{26}$/)
    expect(await records.get('acme', id)).toMatchObject({
      id,
      function: 'first',
      state: 'queued',
      attempt: 0,
      request: newRequest('first'),
    })
    expect(await redis.hget(keys.build(id), 'tenant')).toBe('acme')
    expect(JSON.parse((await redis.hget(keys.build(id), 'view')) ?? '')).toMatchObject({
      schema: 1,
    })
    expect(await records.events('acme', id)).toMatchObject([
      { seq: 1, type: 'queued', queue: 'nodejs' },
    ])
    const job = await queues.get('nodejs').getJob(id)
    expect(job?.data).toEqual({ schema: 1, tenant: 'acme' })
    expect(job?.opts).toMatchObject({
      attempts: LIMITS.attemptsMax,
      backoff: { type: 'exponential' },
    })
  })

  test('puts interactive builds before bulk ones in the queue', async () => {
    const { ids } = await records.accept(
      [
        newBuild('bulk', { priority: 'bulk', queue: 'python' }),
        newBuild('now', { queue: 'python' }),
      ],
      acme,
    )
    const queue = queues.get('python')
    expect((await queue.getWaiting()).map((job) => job.id)).toEqual([ids[1]])
    expect((await queue.getPrioritized()).map((job) => job.id)).toEqual([ids[0]])
  })

  test('finds builds by every index it writes', async () => {
    const request = newRequest('indexed', { team: 'blue', release: '2026=11' })
    const result = await records.accept([newBuild('indexed', { request })], {
      ...acme,
      batch: { labels: { why: 'nightly' } },
    })
    const [id = ''] = result.ids
    for (const of of [
      'all' as const,
      { state: 'queued' },
      { function: 'indexed' },
      { batch: result.batch ?? '' },
      { label: labelKey({ name: 'team', value: 'blue' }) },
      { label: labelKey({ name: 'release', value: '2026=11' }) },
    ]) {
      expect(await redis.zscore(keys.index('acme', of), id), JSON.stringify(of)).not.toBeNull()
    }
    expect(await records.getBatch('acme', result.batch ?? '')).toMatchObject({
      labels: { why: 'nightly' },
      counts: { total: 1, queued: 1, running: 0, succeeded: 0, failed: 0, cancelled: 0 },
      finished: false,
    })
  })

  test('shows of a build the time by which lists find it', async () => {
    const many = Array.from({ length: 2000 }, (_, n) => newBuild(`timed-${n}`))
    const { ids } = await records.accept(many, { tenant: 'timed' })
    for (const place of [0, 1000, ids.length - 1]) {
      const id = ids[place] ?? ''
      const time = new Date((await records.get('timed', id)).createdAt)
      const listed = async (filter: { after: Date } | { before: Date }) =>
        (await records.list('timed', { function: `timed-${place}`, ...filter })).items.length
      expect([await listed({ after: time }), await listed({ before: time })]).toEqual([1, 0])
    }
  })

  test('keeps the key of a source that lies in the store', async () => {
    const build = newBuild('large', { sourceKey: 'sources/acme/1.json.gz' })
    const [id = ''] = (await records.accept([build], acme)).ids
    expect(await records.request('acme', id)).toMatchObject({ sourceKey: 'sources/acme/1.json.gz' })
  })

  test('makes a build with a derived id once, however often it is accepted', async () => {
    const build = newBuild('derived', { id: 'bderived0000000000000000001' })
    await records.accept([build], acme)
    await records.begin('bderived0000000000000000001', 'w1')
    await records.accept([build], acme)
    expect(await records.get('acme', 'bderived0000000000000000001')).toMatchObject({
      state: 'running',
    })
    expect(await records.events('acme', 'bderived0000000000000000001')).toHaveLength(2)
  })

  test('counts the builds of a batch with a derived id once, and adds what is missing', async () => {
    const batch = { id: 'batchderived1' }
    const member = (n: number) => newBuild('member', { id: `bmember000000000000000000${n}` })
    await records.accept([member(1), member(2)], { ...acme, batch })
    await records.begin(member(1).id ?? '', 'w1')
    await records.accept([member(1), member(2), member(3)], { ...acme, batch })
    expect(await records.getBatch('acme', 'batchderived1')).toMatchObject({
      counts: { total: 3, queued: 2, running: 1 },
    })
  })

  test('refuses a tenant whose name would change the meaning of a key', async () => {
    await expect(records.accept([newBuild()], { tenant: 'a:b' })).rejects.toThrow('"a:b"')
  })

  test('takes 1,000 builds in well under two seconds', async () => {
    const builds = Array.from({ length: 1000 }, (_, place) => newBuild(`many-${place}`))
    const start = performance.now()
    const { ids } = await records.accept(builds, { tenant: 'many', batch: {} })
    expect(performance.now() - start).toBeLessThan(2000)
    expect(new Set(ids).size).toBe(1000)
    expect(ids).toEqual([...ids].sort())
  })
})

describe('an idempotency key', () => {
  const idempotency = { key: 'pack it, once: 只一次', fingerprint: 'f1' }

  test('answers the same request with the same builds, and adds nothing', async () => {
    const first = await records.accept([newBuild('twice')], { ...acme, batch: {}, idempotency })
    const second = await records.accept([newBuild('twice')], { ...acme, batch: {}, idempotency })
    expect(first.replayed).toBe(false)
    expect(second).toEqual({ ...first, replayed: true })
    expect((await records.list('acme', { function: 'twice' })).items).toHaveLength(1)
  })

  test('refuses another request', async () => {
    const changed = { ...idempotency, fingerprint: 'f2' }
    await expect(
      records.accept([newBuild('other')], { ...acme, idempotency: changed }),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
    expect((await records.list('acme', { function: 'other' })).items).toEqual([])
  })

  test('is the tenant its own', async () => {
    const result = await records.accept([newBuild()], { tenant: 'other', idempotency })
    expect(result.replayed).toBe(false)
  })

  test('sent ten times at once makes one build', async () => {
    const once = { key: 'ten at once', fingerprint: 'f' }
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        records.accept([newBuild('at-once')], { ...acme, idempotency: once }),
      ),
    )
    expect(new Set(results.flatMap(({ ids }) => ids)).size).toBe(1)
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1)
  })

  test('expires after a day', async () => {
    await records.accept([newBuild()], {
      ...acme,
      idempotency: { key: 'expires', fingerprint: 'f' },
    })
    const found = await redis.keys(`${installation.prefix}:idempotency:acme:*`)
    for (const key of found) {
      const seconds = await redis.ttl(key)
      expect(seconds).toBeGreaterThan(86_000)
      expect(seconds).toBeLessThanOrEqual(86_400)
    }
  })
})

describe('a process killed between records and jobs', () => {
  let crashing: Queues
  beforeAll(() => {
    crashing = {
      ...queues,
      add: () => Promise.reject(new Error('killed')),
    }
  })

  test('leaves records that the sweep gives their jobs, once', async () => {
    const halfway = installation.anotherProcess(crashing)
    const builds = [newBuild('halfway'), newBuild('halfway', { priority: 'bulk' })]
    await expect(halfway.accept(builds, { tenant: 'halfway' })).rejects.toThrow('killed')
    const ids = (await records.list('halfway', {})).items.map(({ id }) => id)
    expect(ids).toHaveLength(2)
    expect(await Promise.all(ids.map((id) => queues.get('nodejs').getJob(id)))).toEqual([
      undefined,
      undefined,
    ])

    await installation.makeDue(...ids)
    const swept = await Promise.all([records.sweep(), installation.anotherProcess().sweep()])
    expect(swept[0].added + swept[1].added).toBe(2)
    const jobs = await Promise.all(ids.map((id) => queues.get('nodejs').getJob(id)))
    expect(jobs.map((job) => job?.opts.priority ?? 0).sort()).toEqual([0, 10])
  })
})
