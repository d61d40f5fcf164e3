import { type BuildEventBody, PacklineError, toFailure } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { inWords, lackOf } from './in-words.ts'

const words = (body: BuildEventBody) => inWords({ ...body, seq: 1, at: '2026-01-01T00:00:00Z' })
const made = {
  key: 'packages/dev/hello/0.zip',
  address: 's3://packline/packages/dev/hello/0.zip',
  format: 'zip' as const,
  size: 2048,
  sha256: '0',
  entries: 1,
  unpackedSize: 2048,
}

describe('inWords', () => {
  test.each<[BuildEventBody, string | undefined]>([
    [{ type: 'queued', queue: 'nodejs' }, 'queued'],
    [{ type: 'waiting', for: 'a worker with java 21' }, 'waits for a worker with java 21'],
    [{ type: 'started', attempt: 1, worker: 'one' }, undefined],
    [{ type: 'detected', runtime: 'go', because: 'go.mod', as: 'source' }, 'go (go.mod)'],
    [{ type: 'stage', stage: 'npm ci', command: 'npm ci' }, 'npm ci'],
    [{ type: 'step', step: 'validate', status: 'started' }, 'validate'],
    [{ type: 'step', step: 'validate', status: 'finished', ms: 3 }, undefined],
    [{ type: 'requeued', reason: 'Redis went', delayMs: 100 }, 'again in 100 ms: Redis went'],
    [
      {
        type: 'succeeded',
        package: made,
        verdict: { verdict: 'proved', because: '' },
        findings: 0,
      },
      'proved, 2.0 KiB',
    ],
    [{ type: 'cancelled', reason: 'by its owner' }, 'cancelled: by its owner'],
  ])('%o reads %s', (event, expected) => {
    expect(words(event)).toBe(expected)
  })

  test('the step that runs stages is not told: they say more and stand there before it', () => {
    expect(words({ type: 'step', step: 'make', status: 'started' })).toBeUndefined()
  })

  test('a failure is told by its code, a tool that is missing by its name and how to get it', () => {
    const failure = (code: 'COMPILE_FAILED' | 'TOOL_MISSING') =>
      toFailure(new PacklineError(code, 'no Maven here', { hint: 'apt-get install maven' }))
    expect(words({ type: 'failed', failure: failure('COMPILE_FAILED') })).toBe(
      'failed: COMPILE_FAILED',
    )
    expect(words({ type: 'failed', failure: failure('TOOL_MISSING') })).toBe(
      'not built: no Maven here (apt-get install maven)',
    )
  })
})

describe('lackOf', () => {
  test('puts the way out in brackets, without a full stop', () => {
    const { failure } = { failure: { code: 'TOOL_MISSING', title: '', blame: 'platform' } as const }
    expect(lackOf({ ...failure, detail: 'no Go here', hint: 'Install it.' })).toBe(
      'no Go here (Install it)',
    )
    expect(lackOf({ ...failure, detail: 'no Go here' })).toBe('no Go here')
  })
})
