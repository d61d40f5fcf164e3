import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTestInstallation, newBuild, type TestInstallation } from '../test-installation.ts'
import { NOTIFY_QUEUE } from './notices.ts'
import {
  accepted,
  buildWithCallback,
  CALLBACK_URL,
  CANARY,
  dueOf,
  ended,
  TARGET,
} from './test-notices.ts'

let installation: TestInstallation
beforeAll(async () => {
  installation = await makeTestInstallation()
})
afterAll(() => installation.remove())

const notices = () => installation.records.notices
const jobOf = (id: string) => installation.queues.get(NOTIFY_QUEUE).getJob(id)

async function endedWithCallback(): Promise<{ build: string; notice: string }> {
  const build = await accepted(installation, buildWithCallback())
  await ended(installation, build)
  return { build, notice: `${build}-callback` }
}

describe('a callback', () => {
  test('is written when its build ends, with a job, and not before', async () => {
    const build = await accepted(installation, buildWithCallback())
    expect(await notices().list('acme', { build })).toEqual([])
    await ended(installation, build)
    expect(await notices().list('acme', { build })).toEqual([
      {
        id: `${build}-callback`,
        build,
        kind: 'callback',
        state: 'pending',
        attempts: 0,
        createdAt: expect.stringMatching(/^20\d\d-.*Z$/),
      },
    ])
    expect((await jobOf(`${build}-callback`))?.data).toMatchObject({ tenant: 'acme' })
  })

  test('is written for a cancelled build, and by the sweep that ends one', async () => {
    const cancelled = await accepted(installation, buildWithCallback())
    await installation.records.cancel('acme', cancelled, 'asked for')
    expect(await notices().list('acme', { build: cancelled })).toMatchObject([{ state: 'pending' }])
    const { telling } = await dueOf(installation, `${cancelled}-callback`)
    expect(telling).toMatchObject({ event: { data: { state: 'cancelled' } } })
  })

  test('knows where it goes, its secret and what it says, without the request', async () => {
    const { build, notice } = await endedWithCallback()
    const { telling } = await dueOf(installation, notice)
    if (telling.kind !== 'callback') throw new Error('expected a callback')
    expect(telling.url).toBe(CALLBACK_URL)
    expect(telling.open().secret).toBe(CANARY)
    const { type, timestamp, data } = telling.event
    expect(type).toBe('build.finished')
    expect(data).toMatchObject({ id: build, state: 'succeeded', finishedAt: timestamp })
    expect(data).not.toHaveProperty('request')
  })

  test('says how a build failed, without lines of output', async () => {
    const build = await accepted(installation, buildWithCallback())
    const beginning = await installation.records.begin(build, 'w1')
    const failure = {
      code: 'COMPILE_FAILED',
      title: 'The code does not compile',
      blame: 'caller',
      detail: 'main.go:3: undefined: x',
    } as const
    const attempt = beginning.begun ? beginning.attempt : 0
    await installation.records.finish(build, attempt, {
      state: 'failed',
      failure: { ...failure, output: ['a', 'b'] },
    })
    const { telling } = await dueOf(installation, `${build}-callback`)
    expect(telling).toMatchObject({ event: { data: { state: 'failed', failure } } })
    expect(JSON.stringify(telling)).not.toContain('output')
  })

  test('can be told long after the build was archived', async () => {
    const { build, notice } = await endedWithCallback()
    await installation.records.archive()
    expect(await installation.redis.hexists(installation.keys.build(build), 'request')).toBe(0)
    const { telling } = await dueOf(installation, notice)
    expect(telling).toMatchObject({ url: CALLBACK_URL, event: { data: { id: build } } })
  })
})

describe('an attempt', () => {
  test('that was heard ends it', async () => {
    const { build, notice } = await endedWithCallback()
    const due = await dueOf(installation, notice)
    expect(await notices().settle(due, { state: 'delivered', status: 204 })).toBe('ok')
    expect(await notices().list('acme', { build })).toMatchObject([
      { state: 'delivered', attempts: 1, lastStatus: 204, deliveredAt: expect.any(String) },
    ])
    expect(await notices().begin(notice)).toEqual({ what: 'nothing' })
    expect(await installation.redis.ttl(installation.keys.notice(notice))).toBeGreaterThan(
      29 * 86400,
    )
  })

  test('that was not is followed by another one, not before its time', async () => {
    const { build, notice } = await endedWithCallback()
    const due = await dueOf(installation, notice)
    const outcome = { state: 'pending', status: 500, error: 'no', delayMs: 60_000 } as const
    expect(await notices().settle(due, outcome)).toBe('ok')
    const [view] = await notices().list('acme', { build })
    expect(view).toMatchObject({ state: 'pending', attempts: 1, lastStatus: 500, lastError: 'no' })
    expect(Date.parse(view?.nextAt ?? '')).toBeGreaterThan(Date.now() + 50_000)
    expect(await notices().begin(notice)).toEqual({ what: 'later', ms: expect.any(Number) })
  })

  test('of a process that was frozen changes nothing', async () => {
    const { build, notice } = await endedWithCallback()
    const [frozen, other] = [await dueOf(installation, notice), await dueOf(installation, notice)]
    await notices().settle(other, { state: 'delivered', status: 200 })
    const late = { state: 'pending', error: 'late', delayMs: 1 } as const
    expect(await notices().settle(frozen, late)).toBe('stale')
    expect(await notices().list('acme', { build })).toMatchObject([{ state: 'delivered' }])
  })
})

describe('the sweep', () => {
  test('adds a job that a crash left out, and none for what waits or was told', async () => {
    const { notice } = await endedWithCallback()
    const { redis, keys, queues, records } = installation
    await queues.remove(NOTIFY_QUEUE, notice)
    await redis.zadd(keys.notices, 0, notice)
    await records.sweep()
    expect(await jobOf(notice)).toBeDefined()
    const due = await dueOf(installation, notice)
    await notices().settle(due, { state: 'pending', error: 'no', delayMs: 60_000 })
    expect(Number(await redis.zscore(keys.notices, notice))).toBeGreaterThan(Date.now() + 60_000)
    await notices().settle({ ...due, attempts: 1 }, { state: 'failed', error: 'gone' })
    expect(await redis.zscore(keys.notices, notice)).toBeNull()
  })
})

describe('telling it once more', () => {
  test('begins with the first attempt, and has a job', async () => {
    const { build, notice } = await endedWithCallback()
    const due = await dueOf(installation, notice)
    await notices().settle(due, { state: 'failed', status: 410, error: 'gone' })
    await installation.queues.remove(NOTIFY_QUEUE, notice)
    const view = await notices().redeliver('acme', { build }, notice)
    expect(view).toMatchObject({ state: 'pending', attempts: 0 })
    expect(view).not.toHaveProperty('lastStatus')
    expect(await jobOf(notice)).toBeDefined()
    expect((await dueOf(installation, notice)).version).toBe(2)
  })

  test('is seen by whoever tells it just now', async () => {
    const { build, notice } = await endedWithCallback()
    const due = await dueOf(installation, notice)
    await notices().redeliver('acme', { build }, notice)
    expect(await notices().settle(due, { state: 'delivered', status: 200 })).toBe('again')
    expect(await notices().list('acme', { build })).toMatchObject([{ state: 'pending' }])
  })

  test("is nobody else's, and only of what there is", async () => {
    const { build, notice } = await endedWithCallback()
    const other = await endedWithCallback()
    const missing = { code: 'NOT_FOUND' }
    await expect(notices().list('other', { build })).rejects.toMatchObject(missing)
    await expect(notices().redeliver('other', { build }, notice)).rejects.toMatchObject(missing)
    await expect(notices().redeliver('acme', { build }, other.notice)).rejects.toMatchObject(
      missing,
    )
    await expect(notices().redeliver('acme', { batch: build }, notice)).rejects.toMatchObject(
      missing,
    )
  })
})

describe('a batch', () => {
  const callback = { url: CALLBACK_URL, secret: CANARY }
  const accept = async (batch: object) => {
    const builds = [newBuild('one'), newBuild('two')]
    const { ids, batch: id = '' } = await installation.records.accept(builds, {
      tenant: 'acme',
      batch,
    })
    return { ids, id, owner: { batch: id } }
  }

  test('is told of when its last build has ended', async () => {
    const { ids, id, owner } = await accept({ callback })
    await ended(installation, ids[0] ?? '')
    expect(await notices().list('acme', owner)).toEqual([])
    await installation.records.cancel('acme', ids[1] ?? '', 'asked for')
    expect(await notices().list('acme', owner)).toMatchObject([{ batch: id, state: 'pending' }])
    const { telling } = await dueOf(installation, `${id}-callback`)
    if (telling.kind !== 'callback') throw new Error('expected a callback')
    expect(telling.open().secret).toBe(CANARY)
    expect(telling.event).toMatchObject({
      type: 'batch.finished',
      data: { id, finished: true, counts: { total: 2, succeeded: 1, cancelled: 1 } },
    })
    expect(Date.parse(telling.event.timestamp)).toBeGreaterThan(Date.now() - 60_000)
  })

  test('is not where only its builds are to be told', async () => {
    const { ids, owner } = await accept({ callback: { ...callback, events: ['build.finished'] } })
    for (const id of ids) await ended(installation, id)
    expect(await notices().list('acme', owner)).toEqual([])
  })

  test('that retries another tells whom that told', async () => {
    const first = await accept({ callback })
    const { ids, id, owner } = await accept({ retryOf: first.id })
    for (const one of ids) await ended(installation, one)
    expect(await notices().list('acme', owner)).toHaveLength(1)
    const { telling } = await dueOf(installation, `${id}-callback`)
    expect(telling.kind === 'callback' && telling.open().secret).toBe(CANARY)
  })
})

describe('a commit status', () => {
  const notice = (build: string) => `${build}-commit-status`

  test('is told when its build is accepted, and anew when it has ended', async () => {
    const build = await accepted(installation, newBuild('f', { status: TARGET }))
    expect(await jobOf(notice(build))).toBeDefined()
    const first = await dueOf(installation, notice(build))
    expect(first.telling).toMatchObject({ target: TARGET, of: { build, state: 'queued' } })
    await ended(installation, build)
    // What was told first comes back late: it is not the last word.
    const settled = { state: 'delivered', status: 201, reference: '77' } as const
    expect(await notices().settle(first, settled)).toBe('again')
    const { telling } = await dueOf(installation, notice(build))
    expect(telling).toMatchObject({ of: { state: 'succeeded' }, reference: '77' })
  })

  test('of a build that a newer one of the same commit follows is given up', async () => {
    const target = { ...TARGET, commit: 'd'.repeat(40) }
    const older = await accepted(installation, newBuild('f', { status: target }))
    const others = await accepted(installation, newBuild('g', { status: target }))
    const newer = await accepted(installation, newBuild('f', { status: target }))
    expect(await notices().begin(notice(older))).toEqual({ what: 'nothing' })
    expect(await notices().list('acme', { build: older })).toMatchObject([
      { state: 'failed', lastError: expect.stringContaining('newer build') },
    ])
    await dueOf(installation, notice(others))
    await dueOf(installation, notice(newer))
  })

  test('is told of a retry, too, also when the build is long archived', async () => {
    const build = await accepted(installation, newBuild('r', { status: TARGET }))
    await ended(installation, build)
    await installation.records.archive()
    const before = await installation.records.request('acme', build)
    const retry = { ...before, queue: 'nodejs', priority: 'interactive', retryOf: build } as const
    const { telling } = await dueOf(installation, notice(await accepted(installation, retry)))
    expect(telling).toMatchObject({ target: TARGET })
  })

  test("is not told of another tenant's build that a retry names", async () => {
    const build = await accepted(installation, newBuild('r', { status: TARGET }))
    const { ids } = await installation.records.accept([newBuild('r', { retryOf: build })], {
      tenant: 'other',
    })
    expect(await notices().list('other', { build: ids[0] ?? '' })).toEqual([])
  })
})
