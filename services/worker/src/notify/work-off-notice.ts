import type { DueNotice, JobPayload, NoticeOutcome, Records } from '@packline/records'
import { type CommitStatus, PacklineError, SCHEMA_VERSION } from '@packline/shared'
import { DelayedError, type Job, WaitingError } from 'bullmq'
import type { Logger } from 'pino'
import { Stopped } from '../stopped.ts'
import { judgeAnswer, judgeError } from './judge.ts'
import type { EnterHost } from './places-by-host.ts'
import { sendCallback } from './send-callback.ts'
import { sendStatus } from './send-status.ts'
import type { Surroundings } from './sending.ts'
import { repositoryPlace } from './statuses/repository-place.ts'

export interface Telling extends Surroundings {
  records: Pick<Records, 'notices'>
  /** What a hook's git server is told with; undefined where it has none (any more). */
  accessOf(tenant: string, hook: string): Promise<CommitStatus | undefined>
  enterHost: EnterHost
  logger: Logger
}

/** Until a job of a newer Packline is looked at again, and one whose host is busy. */
const NOT_NOW_AGAIN_MS = 5000
const BUSY_AGAIN_MS = 3000

/** One job of the queue: tells what is to be told until nothing is, or puts it off. */
export async function workOffNotice(
  job: Job<JobPayload>,
  token: string | undefined,
  telling: Telling,
): Promise<void> {
  const { notices } = telling.records
  if (job.data.schema > SCHEMA_VERSION) return putOff(job, token, NOT_NOW_AGAIN_MS)
  for (;;) {
    const beginning = await notices.begin(job.id ?? '')
    if (beginning.what === 'nothing') return
    if (beginning.what === 'later') return putOff(job, token, beginning.ms)
    const { notice } = beginning
    const leave = telling.enterHost(hostOf(notice))
    if (!leave) return putOff(job, token, BUSY_AGAIN_MS * (1 + Math.random()))
    const outcome = await attempt(notice, telling).finally(leave)
    if (outcome instanceof Stopped) {
      await job.moveToWait(token)
      throw new WaitingError()
    }
    const settled = await notices.settle(notice, outcome)
    if (settled === 'ok' && outcome.state === 'pending') {
      return putOff(job, token, outcome.delayMs)
    }
    if (settled !== 'again') return
  }
}

async function putOff(job: Job, token: string | undefined, ms: number): Promise<never> {
  await job.moveToDelayed(Date.now() + Math.ceil(ms), token)
  throw new DelayedError()
}

/** How it went; a worker that stops leaves it to another one. */
async function attempt(notice: DueNotice, telling: Telling): Promise<NoticeOutcome | Stopped> {
  const attempts = notice.attempts + 1
  const { kind } = notice.telling
  try {
    return judgeAnswer(kind, await send(notice, telling), attempts)
  } catch (error) {
    if (telling.signal.reason instanceof Stopped) return telling.signal.reason
    if (error instanceof PacklineError && error.code === 'RECORDS_UNAVAILABLE') throw error
    if (!(error instanceof PacklineError)) {
      telling.logger.error({ notice: notice.id, error }, 'the notice could not be sent')
    }
    return judgeError(error, attempts)
  }
}

async function send(notice: DueNotice, telling: Telling) {
  const told = notice.telling
  if (told.kind === 'callback') return sendCallback(notice, told, telling)
  const access = await telling.accessOf(notice.tenant, told.target.hook)
  return sendStatus(told, access, telling)
}

/** What can not be read fails when it is sent. */
function hostOf({ telling }: DueNotice): string {
  if (telling.kind === 'callback') return URL.parse(telling.url)?.host ?? ''
  try {
    return repositoryPlace(telling.target.repository).host
  } catch {
    return ''
  }
}
