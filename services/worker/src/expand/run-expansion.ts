import type { ExpansionOutcome, ExpansionRecord, Records } from '@packline/records'
import { type ExpansionResult, FAILURES, LIMITS, toFailure } from '@packline/shared'
import type { Logger } from 'pino'
import type { Attempt, AttemptEnd } from '../run-build.ts'
import { Stopped } from '../stopped.ts'
import { untilWritten } from '../until-written.ts'
import type { WorkerEngine } from '../worker-engine.ts'
import { expand } from './expand.ts'

type ExpandAttempt = Pick<Attempt, 'lastTry' | 'backoffMs'> & { record: ExpansionRecord }

/**
 * One attempt of an expansion: reads the repository, takes its builds in, then writes how it ended.
 * Where the records refuse that, somebody else has it or it has ended: nothing is left to do.
 */
export async function runExpansion(
  attempt: ExpandAttempt,
  stop: AbortController,
  engine: WorkerEngine,
  records: Records,
  logger: Logger,
): Promise<AttemptEnd> {
  const { record } = attempt
  const made = await make(record, stop.signal, engine, records)
  if (made === 'refused') return 'done'
  if (made instanceof Stopped && made.reason !== 'worker stops') return 'done'
  const { outcome, end } = settle(made, attempt)
  if (made instanceof Error && outcome.state === 'failed' && outcome.failure.blame !== 'caller') {
    const { id: expansion, tenant } = record
    const { code } = outcome.failure
    logger.error({ expansion, tenant, code, error: made }, 'the repository was not read')
  }
  const written = await untilWritten(stop.signal, () =>
    records.expansions.finish(record.id, record.attempt, outcome),
  )
  return written === 'ok' ? end : 'done'
}

async function make(
  record: ExpansionRecord,
  signal: AbortSignal,
  engine: WorkerEngine,
  records: Records,
): Promise<ExpansionResult | 'refused' | 'moved' | Error> {
  try {
    return await expand(record, signal, engine, records)
  } catch (error) {
    if (signal.reason instanceof Stopped) return signal.reason
    return error instanceof Error ? error : new Error(String(error))
  }
}

function settle(
  made: ExpansionResult | 'moved' | Error,
  { record, lastTry, backoffMs }: ExpandAttempt,
): { outcome: ExpansionOutcome; end: AttemptEnd } {
  if (made === 'moved' || made instanceof Stopped) {
    return { outcome: { state: 'queued', delayMs: 0 }, end: 'handed back' }
  }
  if (!(made instanceof Error)) {
    return { outcome: { state: 'succeeded', result: made }, end: 'done' }
  }
  const failure = toFailure(made)
  const { retry, blame } = FAILURES[failure.code]
  const isEnough = blame === 'caller' && record.attempt >= LIMITS.callerAttemptsMax
  if (retry && !lastTry && !isEnough) {
    return { outcome: { state: 'queued', delayMs: backoffMs }, end: 'retry' }
  }
  return { outcome: { state: 'failed', failure }, end: 'failed' }
}
