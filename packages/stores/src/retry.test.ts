import { describe, expect, it } from 'vitest'
import { withRetries } from './retry.ts'
import { NoAnswerError } from './store-failure.ts'

/** An action that fails a number of times, and how often it ran. */
function failing(times: number, error: unknown = new NoAnswerError('away')) {
  const action = {
    runs: 0,
    run: async () => {
      action.runs++
      if (action.runs <= times) throw error
      return 'done'
    },
  }
  return action
}

describe('withRetries', () => {
  it('runs an action that works once', async () => {
    const action = failing(0)
    expect(await withRetries(action.run, { withinMs: 1_000 })).toBe('done')
    expect(action.runs).toBe(1)
  })

  it('runs it again while there is no answer', async () => {
    const action = failing(3)
    expect(await withRetries(action.run, { withinMs: 5_000 })).toBe('done')
    expect(action.runs).toBe(4)
  })

  it('throws the last error when time is up, and begins no try after it', async () => {
    const action = failing(Number.POSITIVE_INFINITY)
    const startedAt = performance.now()
    await expect(withRetries(action.run, { withinMs: 200 })).rejects.toThrow('away')
    expect(performance.now() - startedAt).toBeLessThan(400)
    expect(action.runs).toBeGreaterThan(1)
    expect(action.runs).toBeLessThan(6)
  })

  it('tries once when no time is given', async () => {
    const action = failing(1)
    await expect(withRetries(action.run, { withinMs: 0 })).rejects.toThrow('away')
    expect(action.runs).toBe(1)
  })

  it('does not try again what was refused', async () => {
    const action = failing(1, new Error('refused'))
    await expect(withRetries(action.run, { withinMs: 1_000 })).rejects.toThrow('refused')
    expect(action.runs).toBe(1)
  })

  it('stops waiting when the caller goes away', async () => {
    const caller = new AbortController()
    const action = failing(Number.POSITIVE_INFINITY)
    const trying = withRetries(action.run, { withinMs: 60_000, signal: caller.signal })
    setTimeout(() => caller.abort(), 100)
    const startedAt = performance.now()
    await expect(trying).rejects.toThrow()
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    const { runs } = action
    await new Promise((resolve) => setImmediate(resolve))
    expect(action.runs).toBe(runs)
  })
})
