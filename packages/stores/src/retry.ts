import { setTimeout as sleep } from 'node:timers/promises'
import { NoAnswerError } from './store-failure.ts'

export interface RetryOptions {
  /** No try begins later than this after the first one began; 0 means one try. */
  withinMs: number
  signal?: AbortSignal
}

const firstDelayMs = 25
const delayMsMax = 2_000

/**
 * Runs an idempotent action until it ends otherwise than in a NoAnswerError, or time is up. Delays
 * double, each with up to half of it by chance, so that a farm does not come back in one wave.
 */
export async function withRetries<T>(
  action: () => Promise<T>,
  { withinMs, signal }: RetryOptions,
): Promise<T> {
  const startedAt = performance.now()
  let delayMs = firstDelayMs
  for (;;) {
    try {
      return await action()
    } catch (error) {
      const waitMs = delayMs * (1 + Math.random() / 2)
      const isLate = performance.now() - startedAt + waitMs > withinMs
      if (!(error instanceof NoAnswerError) || isLate || signal?.aborted) throw error
      await sleep(waitMs, undefined, { signal })
      delayMs = Math.min(delayMs * 2, delayMsMax)
    }
  }
}
