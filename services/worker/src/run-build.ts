import { buffer } from 'node:stream/consumers'
import { type BuildContext, type BuildOutcome, buildPackage, type Engine } from '@packline/engine'
import type { BuildRecord, Outcome, Records } from '@packline/records'
import { type BuildRequest, FAILURES, LIMITS, PacklineError, STORE_KEYS } from '@packline/shared'
import type { Store } from '@packline/stores'
import type { Logger } from 'pino'
import { makeReporter } from './reporter.ts'

/** An engine whose store gives back what was uploaded, too. */
export interface WorkerEngine extends Engine {
  store: Store
}

/** Why a build was stopped from outside; the attempt's outcome depends on it. */
export type StopReason = 'ended' | 'lock lost' | 'worker stops'

/** Stops one attempt; carries the reason as the signal's. */
export class Stopped extends Error {
  readonly reason: StopReason

  constructor(reason: StopReason) {
    super(`stopped: ${reason}`)
    this.reason = reason
  }
}

export interface Attempt {
  record: BuildRecord
  attempt: number
  /** Whether BullMQ would give the job another try. */
  lastTry: boolean
  /** Milliseconds until that try. */
  backoffMs: number
}

/** How the attempt ended, as BullMQ has to be told. */
export type AttemptEnd = 'done' | 'failed' | 'retry' | 'handed back'

/**
 * One attempt of a build: makes the package, then writes how it ended, as the last thing it does.
 * Nothing is written where the records refuse: then somebody else has the build, or it has ended.
 */
export async function runBuild(
  { record, attempt, lastTry, backoffMs }: Attempt,
  stop: AbortController,
  engine: WorkerEngine,
  records: Records,
  logger: Logger,
): Promise<AttemptEnd> {
  const build = { id: record.id, attempt }
  const refused = () => stop.abort(new Stopped('ended'))
  const reporter = makeReporter(build, records, logger, refused)
  const finish = async (outcome: Outcome) =>
    records.finish(record.id, attempt, outcome, await reporter.rest())
  try {
    const request = await completeRequest(record, engine)
    const context = contextOf(record, engine, stop.signal, reporter)
    const outcome = await buildPackage(request, context)
    logFault(outcome, record, logger)
    return await settle(outcome, finish, { lastTry, backoffMs })
  } catch (error) {
    if (!(stop.signal.reason instanceof Stopped)) throw error
    if (stop.signal.reason.reason !== 'worker stops') return 'done'
    await finish({ state: 'queued', reason: 'its worker stops', delayMs: 0 })
    return 'handed back'
  }
}

async function settle(
  outcome: BuildOutcome,
  finish: (outcome: Outcome) => Promise<unknown>,
  { lastTry, backoffMs }: Pick<Attempt, 'lastTry' | 'backoffMs'>,
): Promise<AttemptEnd> {
  const { report } = outcome
  const findings = report.findings.length
  if (outcome.status === 'succeeded') {
    const { verdict } = report
    await finish({ state: 'succeeded', package: outcome.package, verdict, findings, report })
    return 'done'
  }
  const { failure } = outcome
  if (FAILURES[failure.code].retry && !lastTry) {
    await finish({ state: 'queued', reason: failure.detail, delayMs: backoffMs, failure })
    return 'retry'
  }
  await finish({ state: 'failed', failure, findings, report })
  return 'failed'
}

function contextOf(
  record: BuildRecord,
  engine: WorkerEngine,
  signal: AbortSignal,
  reporter: BuildContext['reporter'],
): BuildContext {
  const { tenant } = record
  return {
    ...engine,
    tenant,
    signal,
    reporter,
    pinned: record.pin,
    openUpload: async (upload) => {
      for (const format of ['zip', 'jar'] as const) {
        const found = await engine.store.get(STORE_KEYS.upload(tenant, upload, format), { signal })
        if (found) return found
      }
      return undefined
    },
    keyOfPackage: (packed, format, request) =>
      STORE_KEYS.package(tenant, request.function, packed.sha256, format),
  }
}

/** Inline files that were too many for the record lie in the store. */
async function completeRequest(record: BuildRecord, engine: WorkerEngine): Promise<BuildRequest> {
  const { request, sourceKey } = record
  if (sourceKey === undefined || request.source.kind !== 'inline') return request
  const object = await engine.store.get(sourceKey)
  if (!object) throw new PacklineError('BUG', `the inline files ${sourceKey} are not in the store`)
  if (object.size > LIMITS.inlineBytesMax)
    throw new PacklineError('BUG', `${sourceKey} is too large`)
  const files = JSON.parse((await buffer(object.stream)).toString('utf8'))
  return { ...request, source: { ...request.source, files } }
}

/** A mistake of ours is logged with its cause; a user's is only in the record. */
function logFault(outcome: BuildOutcome, record: BuildRecord, logger: Logger): void {
  if (outcome.status === 'succeeded' || outcome.failure.blame === 'caller') return
  const { failure, cause } = outcome
  logger.error(
    { build: record.id, tenant: record.tenant, code: failure.code, error: cause },
    'failed',
  )
}
