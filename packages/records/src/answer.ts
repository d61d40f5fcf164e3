import { type FailureWords, failed, PacklineError } from '@packline/shared'
import { COMMAND_TIMEOUT_MS } from './connect-redis.ts'
import { unavailable } from './texts/unavailable.ts'

/** Longer than any command's own timeout; holds where a library waits for a connection. */
const DEADLINE_MS = 1800

/** The replies that say "not now" rather than "you made a mistake" (Redis, "error replies"). */
const NOT_NOW = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS)\b/

/** Of ioredis, where a connection is there and does not answer. */
const COMMAND_TIMED_OUT = 'Command timed out'

const CONNECTION =
  /connection is closed|isn't writeable|timed? ?out|max retries|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN/i

/**
 * Waits for commands, whose connection (connectRedis) ends them in time. Whatever says that Redis
 * is away becomes RECORDS_UNAVAILABLE.
 */
export async function answer<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isAway(error) ? noAnswer(error) : error
  }
}

/** The same for a library that would wait for a connection as long as it takes. */
export async function answerInTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(noAnswer(undefined)), DEADLINE_MS)
  })
  try {
    return await answer(Promise.race([work, deadline]))
  } finally {
    clearTimeout(timer)
  }
}

/** Whether the error says that Redis can not be reached or does not serve at the moment. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof PacklineError) return false
  if (error.name === 'MaxRetriesPerRequestError' || error.name === 'AbortError') return true
  return NOT_NOW.test(error.message) || CONNECTION.test(error.message)
}

function noAnswer(cause: unknown): PacklineError {
  return failed('RECORDS_UNAVAILABLE', wordsOf(cause), { cause })
}

/** What a library says of its connection is for the log; what Redis itself says helps a caller. */
function wordsOf(cause: unknown): FailureWords {
  if (!(cause instanceof Error)) return unavailable.silent(DEADLINE_MS)
  if (NOT_NOW.test(cause.message)) return unavailable.notNow(cause.message)
  return cause.message === COMMAND_TIMED_OUT
    ? unavailable.silent(COMMAND_TIMEOUT_MS)
    : unavailable.away()
}
