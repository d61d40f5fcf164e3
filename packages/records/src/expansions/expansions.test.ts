import { type Failure, LIMITS, PacklineError, toFailure } from '@packline/shared'
import { afterAll, describe, expect, test } from 'vitest'
import { makeTestInstallation, newBuild, SUCCEEDED } from '../test-installation.ts'
import {
  begunExpansion,
  expand,
  listenForCancels,
  newDelivery,
  newManifest,
  resultOf,
} from './test-expansions.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues } = installation
const { expansions } = records
afterAll(installation.remove)

const FAILURE: Failure = JSON.parse(
  JSON.stringify(toFailure(new PacklineError('MANIFEST_INVALID', 'packline.yaml:3: what?'))),
)
const tenant = 'acme'

async function accepted(): Promise<{ id: string; batch: string }> {
  const { id, batch = '' } = await expansions.accept(newManifest(), { tenant })
  return { id, batch }
}

const jobOf = (id: string) => queues.get('expand').getJob(id)

describe('accept', () => {
  test('opens the batch and adds the job', async () => {
    const spec = newManifest({ functions: ['a'], since: 'c'.repeat(40) })
    const {
      id,
      batch = '',
      replayed,
    } = await expansions.accept(spec, {
      tenant,
      labels: { who: 'me' },
    })
    expect(id).toMatch(/^x_[0-9a-z]{26}$/)
    expect(replayed).toBe(false)
    expect((await jobOf(id))?.data).toEqual({ schema: 1, tenant })
    expect(await expansions.get(tenant, id)).toMatchObject({ state: 'queued', batch, spec })
    expect(await records.getBatch(tenant, batch)).toMatchObject({
      labels: { who: 'me' },
      counts: { total: 0 },
      finished: false,
      expanding: true,
    })
    await expect(expansions.get('other', id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('answers a key that was used the same again, and refuses it for another request', async () => {
    const idempotency = { key: 'k', fingerprint: 'one' }
    const first = await expansions.accept(newManifest(), { tenant, idempotency })
    const again = await expansions.accept(newManifest(), { tenant, idempotency })
    expect(again).toEqual({ ...first, replayed: true })
    const other = { ...idempotency, fingerprint: 'two' }
    await expect(
      expansions.accept(newManifest(), { tenant, idempotency: other }),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
  })

  test('of a delivery opens no batch', async () => {
    const { id, batch } = await expansions.accept(newDelivery('h1', 4), { tenant })
    expect(batch).toBeUndefined()
    expect((await expansions.get(tenant, id)).spec).toMatchObject({ hook: 'h1', number: 4 })
  })
})

describe('an attempt', () => {
  test('makes its builds in the batch, once however often it is run', async () => {
    const { id, batch } = await accepted()
    const one = await begunExpansion(records, id)
    const made = await expand(records, one, ['a', 'b'])
    const two = await begunExpansion(records, id)
    expect(await expand(records, two, ['a', 'b', 'c'])).toMatchObject({
      builds: [...made.builds, { function: 'c' }],
    })
    expect(await records.getBatch(tenant, batch)).toMatchObject({ counts: { total: 3, queued: 3 } })
    expect((await records.list(tenant, { batch })).items).toHaveLength(3)
    expect(await records.get(tenant, made.builds[0]?.build ?? '')).toMatchObject({ batch })
  })

  test('that is not the newest writes nothing', async () => {
    const { id, batch } = await accepted()
    const old = await begunExpansion(records, id)
    const next = await begunExpansion(records, id)
    expect([old.attempt, next.attempt]).toEqual([1, 2])
    expect(await expansions.build(old, [newBuild('a')])).toBe('refused')
    expect(await expansions.finish(id, 1, { state: 'failed', failure: FAILURE })).toBe('refused')
    expect(await records.getBatch(tenant, batch)).toMatchObject({ counts: { total: 0 } })
    expect((await expansions.get(tenant, id)).state).toBe('running')
  })

  test('that ends leaves what came of it, and nothing begins again', async () => {
    const { id, batch } = await accepted()
    const { attempt } = await begunExpansion(records, id)
    expect(await expansions.finish(id, attempt, { state: 'succeeded', result: resultOf() })).toBe(
      'ok',
    )
    expect(await expansions.get(tenant, id)).toMatchObject({
      state: 'succeeded',
      result: resultOf(),
      finishedAt: expect.any(String),
    })
    expect(await expansions.begin(id, 'w2')).toEqual({ begun: false, because: 'terminal' })
    const view = await records.getBatch(tenant, batch)
    expect(view.finished).toBe(true)
    expect(view).not.toHaveProperty('expanding')
    expect(await redis.zscore(keys.unfinished, id)).toBeNull()
  })

  test('that is to be repeated waits; too many that ended their worker end it', async () => {
    const { id } = await accepted()
    for (let attempt = 1; attempt <= LIMITS.startedAttemptsMax; attempt++) {
      await begunExpansion(records, id)
      await expansions.finish(id, attempt, { state: 'queued', delayMs: 10 })
    }
    for (let attempt = 1; attempt <= LIMITS.startedAttemptsMax; attempt++) {
      await begunExpansion(records, id)
    }
    expect(await expansions.begin(id, 'w')).toEqual({ begun: false, because: 'poisoned' })
    expect(await expansions.get(tenant, id)).toMatchObject({
      state: 'failed',
      failure: { code: 'POISONED' },
    })
  })
})

describe('the batch', () => {
  test('is not finished, nor its stream over, before the expansion is', async () => {
    const { id, batch } = await accepted()
    const expansion = await begunExpansion(records, id)
    const { builds } = await expand(records, expansion, ['a'])
    const [first] = builds
    await records.begin(first?.build ?? '', 'w1')
    await records.finish(first?.build ?? '', 1, SUCCEEDED)
    expect((await records.getBatch(tenant, batch)).finished).toBe(false)
    const seen: string[] = []
    for await (const event of records.watchBatch(tenant, batch)) {
      seen.push(`${event.build ? 'build' : event.expansion} ${event.state}`)
      expect(event.expanding).toBe(event.build ? true : undefined)
      if (seen.length === 2) {
        const result = resultOf(builds)
        await expansions.finish(id, expansion.attempt, { state: 'succeeded', result })
      }
    }
    expect(seen).toEqual(['build running', 'build succeeded', `${id} succeeded`])
  })

  test('says why its repository made no builds', async () => {
    const { id, batch } = await accepted()
    const { attempt } = await begunExpansion(records, id)
    await expansions.finish(id, attempt, { state: 'failed', failure: FAILURE })
    expect(await records.getBatch(tenant, batch)).toMatchObject({
      finished: true,
      failure: FAILURE,
    })
    const [listed] = (await records.listBatches(tenant)).items.filter((one) => one.id === batch)
    expect(listed).toMatchObject({ failure: FAILURE })
  })

  test('that is cancelled gets no more builds, and its worker is told', async () => {
    const { id, batch } = await accepted()
    const expansion = await begunExpansion(records, id)
    await expand(records, expansion, ['a'])
    const { told, stop } = await listenForCancels(installation)
    expect(await records.cancelBatch(tenant, batch, 'asked for')).toEqual({ cancelled: 1 })
    await expect.poll(() => told).toContain(id)
    stop()
    expect(await expansions.build(expansion, [newBuild('b')])).toBe('refused')
    expect(await expansions.get(tenant, id)).toMatchObject({
      state: 'cancelled',
      cancelReason: 'asked for',
    })
    expect(await records.getBatch(tenant, batch)).toMatchObject({
      finished: true,
      cancelReason: 'asked for',
      counts: { total: 1, cancelled: 1 },
    })
  })
})

describe('the sweep', () => {
  test('adds a job that is missing', async () => {
    const { id } = await accepted()
    await queues.remove('expand', id)
    await installation.makeDue(id)
    expect(await records.sweep()).toMatchObject({ added: 1 })
    expect(await jobOf(id)).toBeDefined()
  })

  test('says that it waits for a worker, and ends it when none came', async () => {
    const { id } = await accepted()
    await installation.makeDue(id)
    await records.sweep()
    expect((await expansions.get(tenant, id)).waitingFor).toBe('a worker with git')
    const view = JSON.stringify({ schema: 1, createdAt: new Date(0).toISOString() })
    await redis.hset(keys.expansion(id), 'view', view)
    await redis.hset(keys.absent, '1 expand', Date.now() - LIMITS.noWorkerMs - 1000)
    await installation.makeDue(id)
    expect(await records.sweep()).toMatchObject({ noWorker: 1 })
    expect(await expansions.get(tenant, id)).toMatchObject({ failure: { code: 'NO_WORKER' } })
    expect(await jobOf(id)).toBeUndefined()
  })

  test('leaves alone what has ended; its worker is told to stop', async () => {
    const { id, batch } = await accepted()
    const { attempt } = await begunExpansion(records, id)
    const worker = { id: 'w1', queues: ['expand'] } as never
    expect(await records.beat(worker, [{ id, attempt }])).toEqual({ stop: [] })
    await records.cancelBatch(tenant, batch, 'asked for')
    expect(await records.beat(worker, [{ id, attempt }])).toEqual({ stop: [id] })
    await installation.makeDue(id)
    await records.sweep()
    expect(await redis.zscore(keys.unfinished, id)).toBeNull()
    await records.farewell('w1')
  })
})
