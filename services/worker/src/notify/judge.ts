import type { NoticeOutcome } from '@packline/records'
import { PacklineError } from '@packline/shared'
import { nextWaitMs } from './schedule.ts'
import type { Heard } from './sending.ts'

/** Another attempt would be told the same: who gets it is gone, or will not have it. */
const FINAL_OF_CALLBACKS: ReadonlySet<number> = new Set([410])
const FINAL_OF_STATUSES: ReadonlySet<number> = new Set([400, 401, 404, 410, 422])

/** Answers that may say when to come again (RFC 9110, RFC 6585). */
const ASKS_TO_WAIT: ReadonlySet<number> = new Set([429, 503])

const WHY: Readonly<Record<number, string>> = {
  400: 'the server does not take this state for the commit',
  401: 'the token is not valid',
  403: 'the token may not set statuses',
  404: 'there is no such repository, or the token may not see it',
  410: 'the receiver wants no more',
  422: 'the server does not know the commit',
}

/** How an attempt ends that was answered. `attempts`: this one included. */
export function judgeAnswer(
  kind: 'callback' | 'commit-status',
  { status, retryAfter, reference }: Heard,
  attempts: number,
  now = Date.now(),
): NoticeOutcome {
  const told = { status, ...(reference && { reference }) }
  if (status >= 200 && status < 300) return { state: 'delivered', ...told }
  const final = kind === 'callback' ? FINAL_OF_CALLBACKS : FINAL_OF_STATUSES
  const why = kind === 'callback' && status !== 410 ? undefined : WHY[status]
  const error = `The answer was ${status}${why ? `: ${why}` : ''}`
  if (final.has(status)) return { state: 'failed', ...told, error }
  // GitHub's limits come as 403, too.
  const asks = ASKS_TO_WAIT.has(status) || (kind === 'commit-status' && status === 403)
  return again({ ...told, error }, attempts, asks ? askedMs(retryAfter, now) : 0)
}

/** How an attempt ends that got no answer. */
export function judgeError(error: unknown, attempts: number): NoticeOutcome {
  if (!(error instanceof PacklineError)) {
    // Its text is for the log: it may name what nobody outside is to know.
    return again({ error: 'An unexpected error stopped it; the log has it' }, attempts)
  }
  const isFinal = error.code === 'SOURCE_NOT_ALLOWED' || error.code === 'NOT_FOUND'
  if (isFinal) return { state: 'failed', error: error.message }
  return again({ error: error.message }, attempts)
}

function again(
  told: { status?: number; error: string; reference?: string },
  attempts: number,
  asked = 0,
): NoticeOutcome {
  const delayMs = nextWaitMs(attempts, asked)
  if (delayMs === undefined) return { state: 'failed', ...told }
  return { state: 'pending', ...told, delayMs }
}

/** Seconds, or a date (RFC 9110, 10.2.3); what is neither asks for nothing. */
function askedMs(retryAfter: string | undefined, now: number): number {
  if (retryAfter === undefined) return 0
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter) * 1000
  const date = Date.parse(retryAfter)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}
