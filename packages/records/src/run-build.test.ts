import { LIMITS, PacklineError, toFailure } from '@packline/shared'
import { afterAll, describe, expect, test } from 'vitest'
import { defineScripts } from './scripts.ts'
import { makeTestInstallation, newBuild, STORED, SUCCEEDED } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues } = installation
afterAll(installation.remove)

async function accepted(name = 'hello'): Promise<string> {
  const [id = ''] = (await records.accept([newBuild(name)], { tenant: 'acme' })).ids
  return id
}

async function begun(name?: string, worker = 'w1'): Promise<{ id: string; attempt: number }> {
  const id = await accepted(name)
  return { id, attempt: await beginAgain(id, worker) }
}

async function beginAgain(id: string, worker: string): Promise<number> {
  const beginning = await records.begin(id, worker)
  if (!beginning.begun) throw new Error(`not begun: ${beginning.because}`)
  return beginning.attempt
}

/** All that may not change when a write is refused. */
async function everything(id: string) {
  return {
    record: await redis.hgetall(keys.build(id)),
    events: await redis.lrange(keys.events(id), 0, '-1'),
    log: await redis.lrange(keys.log(id), 0, '-1'),
    archive: await redis.zscore(keys.archive, id),
  }
}

const boom = toFailure(new PacklineError('COMPILE_FAILED', 'index.ts:1: boom'))

describe('a build from begin to finish', () => {
  test('counts the attempt, says who works on it and hands the request over', async () => {
    const id = await accepted('whole')
    expect(await records.begin(id, 'w1')).toMatchObject({
      begun: true,
      attempt: 1,
      record: { id, tenant: 'acme', schema: 1, state: 'running', worker: 'w1' },
    })
    const { request } = await records.get('acme', id)
    expect(request?.source).toMatchObject({
      files: { 'index.js': expect.stringContaining('你好') },
    })
  })

  test('keeps events in order with one sequence, and what happened in between', async () => {
    const { id, attempt } = await begun()
    const pin = { kind: 'inline', sha256: 'ab' } as const
    const early = '2026-11-20T10:00:00.000Z'
    await records.note(id, attempt, {
      events: [{ type: 'pinned', pin: 'inline ab', at: early }],
      log: ['first line', 'second: 你好'],
      pin,
    })
    const { ok } = await records.finish(id, attempt, SUCCEEDED, {
      events: [{ type: 'step', step: 'fetch', status: 'finished', ms: 3 }],
      log: ['last line'],
    })
    expect(ok).toBe(true)
    expect(await records.events('acme', id)).toMatchObject([
      { seq: 1, type: 'queued' },
      { seq: 2, type: 'started', attempt: 1, worker: 'w1' },
      { seq: 3, type: 'pinned', at: early },
      { seq: 4, type: 'step' },
      { seq: 5, type: 'succeeded', package: STORED },
    ])
    expect(await records.log('acme', id)).toEqual([
      { seq: 1, text: 'first line\nsecond: 你好\n' },
      { seq: 2, text: 'last line\n' },
    ])
    expect(await records.get('acme', id)).toMatchObject({
      state: 'succeeded',
      pin,
      package: STORED,
    })
  })

  test('keeps the failure for its reader', async () => {
    const { id, attempt } = await begun()
    await records.finish(id, attempt, { state: 'failed', failure: boom, findings: 2 })
    expect(await records.get('acme', id)).toMatchObject({
      state: 'failed',
      failure: { code: 'COMPILE_FAILED', detail: 'index.ts:1: boom' },
      findings: 2,
    })
    expect((await records.events('acme', id)).at(-1)).toMatchObject({ type: 'failed' })
  })

  test('gives a later attempt the pin of an earlier one', async () => {
    const { id, attempt } = await begun()
    const pin = { kind: 'git', url: 'https://example.com/a', ref: 'main', commit: 'c0' } as const
    await records.note(id, attempt, { pin })
    expect(await records.begin(id, 'w2')).toMatchObject({ attempt: 2, record: { pin } })
  })

  test('has nothing to do for a job without a record', async () => {
    expect(await records.begin('bunknown', 'w1')).toEqual({ begun: false, because: 'terminal' })
    expect(await records.note('bunknown', 1, { log: ['x'] })).toBe('refused')
    expect(await records.finish('bunknown', 1, SUCCEEDED)).toEqual({ ok: false, released: [] })
  })
})

describe('a record with another schema', () => {
  test('that is newer is not begun, and nothing of it changes', async () => {
    const id = await accepted('newer')
    await installation.writtenWith(2, id)
    const before = await everything(id)
    expect(await records.begin(id, 'w1')).toEqual({ begun: false, because: 'newer' })
    expect(await everything(id)).toEqual(before)
  })

  test('that is older is begun, and its worker hears which it is', async () => {
    const id = await accepted('older')
    await installation.writtenWith(0, id)
    expect(await records.begin(id, 'w1')).toMatchObject({ begun: true, record: { schema: 0 } })
  })
})

describe('an attempt that another has overtaken', () => {
  test('changes nothing: no event, no log line, no pin, no end', async () => {
    const { id, attempt } = await begun()
    await beginAgain(id, 'w2')
    const before = await everything(id)
    const pin = { kind: 'inline', sha256: 'late' } as const
    const late = { events: [{ type: 'warning', message: 'late' } as const], log: ['late'] }
    expect(await records.note(id, attempt, { ...late, pin })).toBe('refused')
    expect(await records.note(id, attempt, { log: ['late'] })).toBe('refused')
    expect(await records.finish(id, attempt, SUCCEEDED, late)).toEqual({ ok: false, released: [] })
    expect((await records.finish(id, attempt, { state: 'failed', failure: boom }, late)).ok).toBe(
      false,
    )
    expect(
      (await records.finish(id, attempt, { state: 'queued', reason: 'late', delayMs: 0 })).ok,
    ).toBe(false)
    expect(await everything(id)).toEqual(before)
  })

  test('does not keep the newer one from ending the build', async () => {
    const { id, attempt } = await begun()
    const newer = await beginAgain(id, 'w2')
    await records.finish(id, attempt, { state: 'failed', failure: boom })
    expect((await records.finish(id, newer, SUCCEEDED)).ok).toBe(true)
    const ends = (await records.events('acme', id)).filter(({ type }) =>
      ['succeeded', 'failed', 'cancelled'].includes(type),
    )
    expect(ends).toMatchObject([{ type: 'succeeded' }])
  })
})

describe('a build that has ended', () => {
  test('is not begun again, and nothing is added to it', async () => {
    const { id, attempt } = await begun()
    await records.finish(id, attempt, SUCCEEDED)
    const before = await everything(id)
    expect(await records.begin(id, 'w2')).toEqual({ begun: false, because: 'terminal' })
    expect(await records.note(id, attempt, { log: ['more'] })).toBe('refused')
    expect((await records.finish(id, attempt, { state: 'failed', failure: boom })).ok).toBe(false)
    expect(await everything(id)).toEqual(before)
  })

  test('ended once, however many finish it at the same time', async () => {
    const { id, attempt } = await begun()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => records.finish(id, attempt, SUCCEEDED)),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await records.events('acme', id)).toHaveLength(3)
  })
})

describe('a build that is handed back', () => {
  test('is queued again, says why, and its attempt may write no more', async () => {
    const { id, attempt } = await begun()
    const failure = toFailure(new PacklineError('REGISTRY_UNAVAILABLE', 'no answer'))
    await records.finish(id, attempt, { state: 'queued', reason: 'retry', delayMs: 2000, failure })
    expect((await records.get('acme', id)).state).toBe('queued')
    expect((await records.events('acme', id)).at(-1)).toMatchObject({
      type: 'requeued',
      reason: 'retry',
      delayMs: 2000,
      failure: { code: 'REGISTRY_UNAVAILABLE' },
    })
    expect(await records.note(id, attempt, { log: ['late'] })).toBe('refused')
    expect(await records.begin(id, 'w2')).toMatchObject({ begun: true, attempt: 2 })
  })

  test('is left alone by the sweep until its delay is over', async () => {
    const { id, attempt } = await begun()
    const delayMs = 60_000
    await records.finish(id, attempt, { state: 'queued', reason: 'retry', delayMs })
    const due = Number(await redis.zscore(keys.unfinished, id))
    expect(due).toBeGreaterThan(Date.now() + delayMs - 5000)
  })
})

test('a build that is handed back again and again was ended by no worker, and goes on', async () => {
  const id = await accepted('handed-back')
  for (let round = 1; round <= 8; round += 1) {
    const beginning = await records.begin(id, `w${round}`)
    expect(beginning).toMatchObject({ begun: true, attempt: round })
    const outcome = { state: 'queued', reason: 'its worker stops', delayMs: 0 } as const
    expect(await records.finish(id, round, outcome)).toMatchObject({ ok: true })
  }
  expect(await records.begin(id, 'w9')).toMatchObject({ begun: true, attempt: 9 })
})

test('a build that ended every worker is begun five times, then ends as POISONED', async () => {
  const id = await accepted('poison')
  for (let attempt = 1; attempt <= LIMITS.startedAttemptsMax; attempt += 1) {
    expect(await records.begin(id, `w${attempt}`)).toMatchObject({ begun: true, attempt })
  }
  expect(await records.begin(id, 'w6')).toEqual({ begun: false, because: 'poisoned' })
  expect(await records.get('acme', id)).toMatchObject({
    state: 'failed',
    failure: { code: 'POISONED' },
  })
  expect(await records.begin(id, 'w7')).toEqual({ begun: false, because: 'terminal' })
})

test('a worker killed between finding a build poisoned and ending it: the next one ends it', async () => {
  const id = await accepted('half-poisoned')
  const run = defineScripts(redis, installation.prefix)
  const begin = () => run('begin', id, 'w1', '', '{"attempt":', LIMITS.startedAttemptsMax, 1)
  for (let attempt = 1; attempt <= LIMITS.startedAttemptsMax; attempt += 1) await begin()
  expect(await begin()).toMatchObject(['poisoned', LIMITS.startedAttemptsMax + 1])
  expect((await records.get('acme', id)).state).toBe('running')
  expect(await records.begin(id, 'w2')).toEqual({ begun: false, because: 'poisoned' })
  expect(await records.get('acme', id)).toMatchObject({ failure: { code: 'POISONED' } })
  const ends = (await records.events('acme', id)).filter(({ type }) => type === 'failed')
  expect(ends).toHaveLength(1)
})

test('a log beyond the output limit is cut, says so once, and costs no more memory', async () => {
  const { id, attempt } = await begun('loud')
  const line = 'x'.repeat(LIMITS.logChunkBytesMax - 1)
  const mebibyte = Array.from({ length: 64 }, () => line)
  for (let part = 0; part < 18; part += 1) await records.note(id, attempt, { log: mebibyte })
  const chunks = LIMITS.logBytesMax / LIMITS.logChunkBytesMax
  expect(await redis.llen(keys.log(id))).toBe(chunks + 1)
  expect(await records.log('acme', id, chunks)).toEqual([
    { seq: chunks + 1, text: '(more output is not kept)\n' },
  ])
  expect((await records.finish(id, attempt, SUCCEEDED)).ok).toBe(true)
})

describe('a worker killed', () => {
  test('between finish and the end of its job: the job runs again and finds nothing to do', async () => {
    const { id, attempt } = await begun('killed')
    await records.finish(id, attempt, SUCCEEDED)
    expect(await queues.get('nodejs').getJob(id)).toBeDefined()
    expect(await records.begin(id, 'w2')).toEqual({ begun: false, because: 'terminal' })
  })

  test('between handing back and the delay of its job: the job runs again as a new attempt', async () => {
    const { id, attempt } = await begun('killed')
    await records.finish(id, attempt, { state: 'queued', reason: 'retry', delayMs: 100 })
    expect(await records.begin(id, 'w2')).toMatchObject({ begun: true, attempt: 2 })
  })

  test('after begin: the next one takes over, and the build is announced as started twice', async () => {
    const { id } = await begun('killed')
    await beginAgain(id, 'w2')
    expect(
      (await records.events('acme', id)).filter(({ type }) => type === 'started'),
    ).toMatchObject([
      { attempt: 1, worker: 'w1' },
      { attempt: 2, worker: 'w2' },
    ])
  })
})
