import { failed, PacklineError } from '@packline/shared'

/** The store gave no usable answer, another try may get one. Never leaves this package. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'
}

/**
 * The error that a caller gets for anything that went wrong with the store at `place`: its own
 * signal's reason, a PacklineError as it is, STORE_UNAVAILABLE for the rest.
 */
export function storeFailure(place: string, error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason
  if (error instanceof PacklineError) return error
  const reason = reasonOf(error)
  const detail = {
    en: `${place} did not answer: ${reason}`,
    zh: `${place} 没有应答：${reason}`,
  }
  const hint = {
    en: 'Packline goes on by itself when the store is back: see that it runs and has room.',
    zh: '存储恢复后 Packline 会自行继续：请确认它在运行且有空间。',
  }
  return failed('STORE_UNAVAILABLE', { detail, hint }, { cause: error })
}

/** One line of an error, also of one without text, such as a refused connection to `localhost`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (error instanceof NoAnswerError && error.message === '') return reasonOf(error.cause)
  const { code } = error as NodeJS.ErrnoException
  return (error.message || code || error.name).slice(0, 500)
}
