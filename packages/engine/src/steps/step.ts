import type { Step } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Journal } from '../journal.ts'

/** A step that ends sooner is told by its end alone: a fast build stays at one event per step. */
const ANNOUNCE_AFTER_MS = 200

const stepOfError = new WeakMap<object, Step>()

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
      if (typeof error === 'object' && error !== null) stepOfError.set(error, step)
      throw error
    } finally {
      clearTimeout(announce)
    }
  }
}

/** The step that an error was thrown in. */
export function stepOf(error: unknown): Step | undefined {
  return typeof error === 'object' && error !== null ? stepOfError.get(error) : undefined
}
