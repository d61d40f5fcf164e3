import type { Client } from '@packline/client'
import {
  type BatchChange,
  type BatchView,
  type BuildView,
  PacklineError,
  toFailure,
} from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { testTerminal } from '../test-terminal.ts'
import { followBatch } from './follow-batch.ts'

const COUNTS = { total: 2, queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 }

function build(id: string, more: Partial<BuildView> = {}): BuildView {
  return {
    id,
    kind: 'function',
    function: `fn-${id}`,
    runtime: 'nodejs',
    version: '20.15',
    state: 'succeeded',
    queue: 'nodejs',
    priority: 'bulk',
    attempt: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...more,
  }
}

function failed(id: string, code: 'TIMED_OUT' | 'COMPILE_FAILED'): BuildView {
  return build(id, { state: 'failed', failure: toFailure(new PacklineError(code, `${id} failed`)) })
}

/** What the API says of a batch whose builds have these ends; the real one is asked end to end. */
function clientOf(builds: BuildView[], more: Partial<BatchView> = {}) {
  const batch = { id: 'batch1', createdAt: '', counts: COUNTS, finished: true, ...more }
  const changes = builds.map(
    ({ id, state }, at): BatchChange => ({ seq: at + 1, build: id, state, counts: COUNTS }),
  )
  return {
    builds: async () => ({ items: builds.toReversed() }),
    batch: async () => batch,
    batchEvents: async function* () {
      yield* changes
    },
  } as unknown as Client
}

describe('a batch that is waited for', () => {
  test.each([
    ['all succeeded', [build('a'), build('b')], 0],
    ['one timed out', [build('a'), failed('b', 'TIMED_OUT')], 5],
    ['they failed in different ways', [failed('a', 'TIMED_OUT'), failed('b', 'COMPILE_FAILED')], 1],
    ['one was cancelled', [build('a', { state: 'cancelled', cancelReason: 'asked for' })], 1],
  ])('ends as its builds do: %s', async (_, builds, code) => {
    const { terminal, stdout, stderr } = testTerminal()
    const asked = { id: 'batch1', builds: builds.map(({ id }) => id) }
    expect(await followBatch(terminal, clientOf(builds), asked, {})).toBe(code)
    for (const { function: name, state } of builds) {
      expect(stdout()).toContain(name)
      expect(stderr()).toContain(`${name}: ${state}\n`)
    }
  })

  test('is told in the order it was asked for, as JSON with its counts', async () => {
    const { terminal, stdout, stderr } = testTerminal()
    const client = clientOf([build('a'), build('b')])
    const asked = { id: 'batch1', builds: ['b', 'a', 'b'] }
    expect(await followBatch(terminal, client, asked, { json: true })).toBe(0)
    const told = JSON.parse(stdout())
    expect(told.builds.map(({ id }: BuildView) => id)).toEqual(['b', 'a', 'b'])
    expect(told.batch.counts).toEqual(COUNTS)
    expect(stderr()).toBe('')
  })

  test('of a repository that can not be read says why, and ends as that', async () => {
    const failure = toFailure(new PacklineError('SOURCE_NOT_ALLOWED', 'no such key'))
    const { terminal, stdout, stderr } = testTerminal()
    const client = clientOf([], { failure })
    expect(await followBatch(terminal, client, { id: 'batch1', builds: [] }, {})).toBe(3)
    expect(stderr()).toContain('The repository failed')
    expect(stderr()).toContain('no such key')
    expect(stdout()).toBe('')
  })

  test('without builds says why, in place of a table', async () => {
    for (const [more, code, said] of [
      [{}, 0, 'no builds nothing that was asked for has changed\n'],
      [{ cancelReason: 'asked for' }, 1, 'before its repository was read: asked for\n'],
    ] as const) {
      const { terminal, stdout, stderr } = testTerminal()
      const asked = { id: 'batch1', builds: [] }
      expect(await followBatch(terminal, clientOf([], more), asked, {})).toBe(code)
      expect([stdout(), stderr()]).toEqual(['', expect.stringContaining(said)])
    }
  })

  test('says the end of each build once, whichever stream is first to know of it', async () => {
    const late = { state: 'cancelled', cancelReason: 'late' } as const
    const client = clientOf([build('a', late)])
    const { promise: isTold, resolve: told } = Promise.withResolvers<void>()
    const changes = async function* () {
      yield { seq: 1, build: 'a', state: 'running', counts: COUNTS } as const
      await isTold
      yield { seq: 2, build: 'a', state: 'cancelled', counts: COUNTS } as const
    }
    const events = async function* () {
      yield { seq: 1, at: '', type: 'cancelled', reason: 'late' }
      // Only then is the stream of the build over.
      setImmediate(told)
    }
    const { terminal, stderr } = testTerminal()
    const streams = { ...client, batchEvents: changes, events } as unknown as Client
    await followBatch(terminal, streams, { id: 'batch1', builds: ['a'] }, {})
    expect(stderr()).toBe('fn-a: cancelled: late\n')
  })
})
