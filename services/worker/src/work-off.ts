import type { JobPayload, Records } from '@packline/records'
import { EXPAND_QUEUE, SCHEMA_VERSION } from '@packline/shared'
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq'
import type { Logger } from 'pino'
import { runExpansion } from './expand/run-expansion.ts'
import type { Places } from './places.ts'
import { type AttemptEnd, runBuild } from './run-build.ts'
import { Stopped } from './stopped.ts'
import type { WorkerEngine } from './worker-engine.ts'

/** A job that BullMQ gave us; `attempt` is there once the build has begun. */
export interface TakenJob {
  id: string
  stop: AbortController
  attempt?: number
}

interface Surroundings {
  worker: string
  records: Records
  engine: WorkerEngine
  logger: Logger
}

/** A build that waits for a newer worker, or for a sweep to end, is looked at again after this. */
const NOT_NOW_AGAIN_MS = 5000

/** A job from the moment it was taken until BullMQ is told how its attempt ended. */
export async function workOff(
  taken: TakenJob,
  job: Job<JobPayload>,
  token: string | undefined,
  places: Places,
  surroundings: Surroundings,
): Promise<void> {
  const end = await inPlace(taken, job, places, () => attempt(taken, job, surroundings))
  if (end === 'done') return
  if (end === 'failed') throw new UnrecoverableError('the build failed; its record says why')
  if (end === 'retry') throw new Error('the build is tried again; its record says why')
  if (end === 'not now') {
    await job.moveToDelayed(Date.now() + NOT_NOW_AGAIN_MS, token)
    throw new DelayedError()
  }
  await job.moveToWait(token)
  throw new WaitingError()
}

async function inPlace(
  { stop }: TakenJob,
  job: Job,
  places: Places,
  work: () => Promise<AttemptEnd>,
): Promise<AttemptEnd> {
  const isUrgent = !job.opts.priority
  const leave = await places.enter(stop.signal, isUrgent).catch(stopped)
  if (typeof leave === 'string') return leave
  try {
    return await work()
  } finally {
    leave()
  }
}

/** Stopped before it began: nothing is written, another worker begins it. */
function stopped(error: unknown): AttemptEnd {
  if (!(error instanceof Stopped)) throw error
  return error.reason === 'worker stops' ? 'handed back' : 'done'
}

async function attempt(
  taken: TakenJob,
  job: Job<JobPayload>,
  { worker, records, engine, logger }: Surroundings,
): Promise<AttemptEnd> {
  if (job.data.schema > SCHEMA_VERSION) return 'not now'
  const lastTry = job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
  const tries = { lastTry, backoffMs: backoffMs(job) }
  if (job.queueName === EXPAND_QUEUE) {
    return workOffExpansion(taken, tries, { worker, records, engine, logger })
  }
  const beginning = await records.begin(taken.id, worker)
  if (!beginning.begun) {
    const isOver = beginning.because === 'terminal' || beginning.because === 'poisoned'
    return isOver ? 'done' : 'not now'
  }
  const { attempt, record } = beginning
  taken.attempt = attempt
  return runBuild({ record, attempt, ...tries }, taken.stop, engine, records, logger)
}

async function workOffExpansion(
  taken: TakenJob,
  tries: { lastTry: boolean; backoffMs: number },
  { worker, records, engine, logger }: Surroundings,
): Promise<AttemptEnd> {
  const beginning = await records.expansions.begin(taken.id, worker)
  if (!beginning.begun) return beginning.because === 'newer' ? 'not now' : 'done'
  const { record } = beginning
  taken.attempt = record.attempt
  return runExpansion({ record, ...tries }, taken.stop, engine, records, logger)
}

/** What BullMQ will wait by the job's own setting (the queue's: exponential). */
function backoffMs({ opts, attemptsMade }: Job): number {
  const { backoff } = opts
  const first = typeof backoff === 'object' ? (backoff.delay ?? 0) : (backoff ?? 0)
  const isExponential = typeof backoff === 'object' && backoff.type === 'exponential'
  return isExponential ? first * 2 ** attemptsMade : first
}
