import { type ExpansionResult, failed, LIMITS, SCHEMA_VERSION, toFailure } from '@packline/shared'
import type { Context } from '../context.ts'
import { addNotices } from '../notices/make-notices.ts'
import { fieldsOfPairs } from '../record-fields.ts'
import { unavailable } from '../texts/unavailable.ts'
import type { ExpansionBeginning, ExpansionOutcome } from './expansions.ts'
import { toExpansionRecord } from './read-expansion.ts'
import { unbuiltArguments } from './tell-unbuilt.ts'

export async function beginExpansion(
  context: Context,
  id: string,
  worker: string,
): Promise<ExpansionBeginning> {
  const at = new Date().toISOString()
  const limits = [LIMITS.startedAttemptsMax, SCHEMA_VERSION]
  const answer = await context.run('begin-expansion', id, worker, at, ...limits)
  const [what, attempt, pairs, reached] = answer as [string, number, string[], string]
  if (what === 'begun') {
    const record = toExpansionRecord(id, fieldsOfPairs(pairs), reached)
    return { begun: true, record: { ...record, state: 'running', attempt } }
  }
  if (what === 'terminal' || what === 'newer') return { begun: false, because: what }
  const failure = poisonedExpansion()
  await endExpansion(context, id, attempt, { state: 'failed', failure }, { force: true })
  return { begun: false, because: 'poisoned' }
}

export function poisonedExpansion() {
  return toFailure(failed('POISONED', unavailable.unreadable()))
}

/** `force`: the sweep ends what no worker holds; it may be queued then. */
export async function endExpansion(
  context: Context,
  id: string,
  attempt: number,
  outcome: ExpansionOutcome,
  { force }: { force?: boolean } = {},
): Promise<'ok' | 'refused'> {
  const { state, ...rest } = outcome
  const answer = await context.run(
    'finish-expansion',
    id,
    attempt,
    state,
    new Date().toISOString(),
    JSON.stringify(rest),
    outcome.state === 'failed' ? JSON.stringify(outcome.failure) : '',
    outcome.state === 'queued' ? outcome.delayMs : 0,
    force ? '1' : '',
    outcome.state === 'succeeded' ? JSON.stringify(ofRepository(outcome.result)) : '',
    outcome.state === 'succeeded' && !outcome.result.behind ? '1' : '',
    ...(await unbuiltArguments(context, id, outcome)),
  )
  return settled(context, answer)
}

function ofRepository({ commit, untouched, warnings, zh }: ExpansionResult) {
  return { commit, untouched, warnings, zh }
}

/** A later attempt reads the same commit. */
export async function pinExpansion(
  context: Context,
  id: string,
  attempt: number,
  commit: string,
): Promise<'ok' | 'refused'> {
  const answer = await context.run('pin-expansion', id, attempt, commit)
  return answer === 'ok' ? 'ok' : 'refused'
}

/** Whichever attempt runs is stopped; one that has ended stays as it is. */
export async function cancelExpansion(
  context: Context,
  id: string,
  cancelReason: string,
): Promise<void> {
  const result = JSON.stringify({ cancelReason })
  const at = new Date().toISOString()
  await settled(
    context,
    await context.run('finish-expansion', id, '', 'cancelled', at, result, '', 0, '1', ''),
  )
}

async function settled(context: Context, answer: unknown): Promise<'ok' | 'refused'> {
  const [what, tenant = '', notices = []] = answer as [string, string?, string[]?]
  await addNotices(context, tenant, notices)
  return what === 'ok' ? 'ok' : 'refused'
}
