import { type BuildOutcome, buildPackage } from '@packline/engine'
import type { BuildRecord, MadeDependency, Outcome, Records } from '@packline/records'
import { FAILURES, type Failure, LIMITS, toFailure } from '@packline/shared'
import type { Logger } from 'pino'
import { completeRequest } from './complete-request.ts'
import { contextOf } from './context-of.ts'
import { makeReporter, type WorkerReporter } from './reporter.ts'
import { Stopped } from './stopped.ts'
import { untilWritten } from './until-written.ts'
import { withSbom } from './with-sbom.ts'
import type { WorkerEngine } from './worker-engine.ts'

export interface Attempt {
  record: BuildRecord
  attempt: number
  /** Whether BullMQ would give the job no other try. */
  lastTry: boolean
  /** Milliseconds until that try. */
  backoffMs: number
}

/** How the attempt ended, as BullMQ has to be told. */
export type AttemptEnd = 'done' | 'failed' | 'retry' | 'handed back' | 'not now'

type Made =
  | BuildOutcome
  | { status: 'failed'; failure: Failure; report?: undefined; cause: unknown }

/**
 * One attempt of a build: makes the package, then writes how it ended, as the last thing it does.
 * Where the records refuse that, somebody else has the build or it has ended: nothing is left to
 * do.
 * Throws only when Redis stays away.
 */
export async function runBuild(
  attempt: Attempt,
  stop: AbortController,
  engine: WorkerEngine,
  records: Records,
  logger: Logger,
): Promise<AttemptEnd> {
  const { record } = attempt
  const build = { id: record.id, attempt: attempt.attempt }
  const refused = () => stop.abort(new Stopped('ended'))
  const reporter = makeReporter(build, records, logger, refused)
  const made = await make(record, engine, records, stop.signal, reporter)
  if (made instanceof Stopped && made.reason !== 'worker stops') return 'done'
  if (!(made instanceof Stopped)) logFault(made, record, logger)
  const { outcome, end } = made instanceof Stopped ? HANDED_BACK : settle(made, attempt)
  const last = await reporter.rest()
  const { ok } = await untilWritten(stop.signal, () =>
    records.finish(record.id, attempt.attempt, outcome, last),
  )
  return ok ? end : 'done'
}

const HANDED_BACK = {
  outcome: { state: 'queued', reason: 'its worker stops', delayMs: 0 },
  end: 'handed back',
} as const

/** The package, how the build failed, or why it was stopped; whatever is thrown is one of them. */
async function make(
  record: BuildRecord,
  engine: WorkerEngine,
  records: Records,
  signal: AbortSignal,
  reporter: WorkerReporter,
): Promise<Made | Stopped> {
  try {
    const { request: opened, secrets } = records.openRequest(record)
    const request = await completeRequest(record, opened, engine.store, signal)
    const context = contextOf({ ...record, secrets }, engine, records, signal, reporter)
    const made = await buildPackage(request, context)
    if (made.status === 'failed') return made
    return await withSbom(made, engine.store, records.claim, signal)
  } catch (error) {
    if (signal.reason instanceof Stopped) return signal.reason
    return { status: 'failed', failure: toFailure(error), cause: error }
  }
}

function settle(
  made: Made,
  { record, attempt, lastTry, backoffMs }: Attempt,
): { outcome: Outcome; end: AttemptEnd } {
  const { report } = made
  if (made.status === 'succeeded') {
    const { verdict, findings } = made.report
    const { package: stored, split } = made
    const dependency = dependencyOf(made, record)
    const products = { package: stored, split, dependency }
    return {
      outcome: { state: 'succeeded', ...products, verdict, findings: findings.length, report },
      end: 'done',
    }
  }
  const { failure } = made
  const { retry, blame } = FAILURES[failure.code]
  const isEnough = blame === 'caller' && attempt >= LIMITS.callerAttemptsMax
  if (retry && !lastTry && !isEnough) {
    const reason = failure.detail
    return {
      outcome: { state: 'queued', reason, delayMs: backoffMs, failure },
      end: 'retry',
    }
  }
  return {
    outcome: { state: 'failed', failure, findings: report?.findings.length, report },
    end: 'failed',
  }
}

/** What becomes a revision when the build has ended. */
function dependencyOf(
  { package: stored, split }: Extract<Made, { status: 'succeeded' }>,
  { request }: BuildRecord,
): MadeDependency | undefined {
  const { runtime, version, architecture } = request
  const target = { runtime, version, architecture }
  if (split) return { ...target, ...split }
  if (request.type !== 'dependency') return undefined
  return { ...target, name: request.function, package: stored }
}

/** A mistake of ours is logged with its cause; a user's is only in the record. */
function logFault(made: Made, record: BuildRecord, logger: Logger): void {
  if (made.status === 'succeeded' || made.failure.blame === 'caller') return
  const { failure, cause } = made
  const { id: build, tenant } = record
  logger.error({ build, tenant, code: failure.code, error: cause }, 'the build failed')
}
