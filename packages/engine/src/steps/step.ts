import type { Step } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Journal } from '../journal.ts'

/** A step that ends sooner is told by its end alone: a fast build stays at one event per step. */
const ANNOUNCE_AFTER_MS = 200

/** Names, times and reports each step, and remembers which one an error came from. */
export function stepper(journal: Journal, context: BuildContext) {
  return async <T>(step: Step, work: () => Promise<T>): Promise<T> => {
    context.signal.throwIfAborted()
    const started = performance.now()
    const announce = setTimeout(
      () => context.reporter.event({ type: 'step', step, status: 'started' }),
      ANNOUNCE_AFTER_MS,
    )
    try {
      const product = await work()
      const ms = Math.round(performance.now() - started)
      journal.steps.push({ step, ms })
      context.reporter.event({ type: 'step', step, status: 'finished', ms })
      return product
    } catch (error) {
      journal.steps.push({ step, ms: Math.round(performance.now() - started) })
      journal.failedIn ??= step
      throw error
    } finally {
      clearTimeout(announce)
    }
  }
}
