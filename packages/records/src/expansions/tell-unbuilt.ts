import { type ExpansionSpec, isNoCommit, PacklineError, toFailure } from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { statusTargetOf } from '../hooks/read-hook.ts'
import type { Standing } from '../notices/notices.ts'
import type { ExpansionOutcome } from './expansions.ts'

const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/

/**
 * What finish-expansion tells the commit of a push beside its builds: that it could not be read,
 * and which functions are not right. Nobody but this says so at the commit.
 */
export async function unbuiltArguments(
  context: Context,
  id: string,
  outcome: ExpansionOutcome,
): Promise<string[]> {
  const standings = standingsOf(outcome)
  if (standings.length === 0) return []
  const { redis, keys } = context
  const names = ['tenant', 'spec', 'commit'] as const
  const [tenant, text, pinned] = await answer(redis.hmget(keys.expansion(id), ...names))
  const spec = JSON.parse(text ?? '{}') as ExpansionSpec
  if (!tenant || spec.kind !== 'delivery') return []
  const commit = pinned ?? spec.after ?? ''
  if (!COMMIT.test(commit) || isNoCommit(commit)) return []
  const target = await statusTargetOf(context, tenant, spec.hook, commit)
  if (!target) return []
  const said = standings.flatMap((one) => [one.function ?? '', JSON.stringify(one)])
  return [JSON.stringify(target), ...said]
}

function standingsOf(outcome: ExpansionOutcome): Standing[] {
  if (outcome.state === 'failed') return [{ state: 'failed', failure: outcome.failure }]
  if (outcome.state !== 'succeeded') return []
  const refused = outcome.result.refused.map((one) => ({
    function: one.function,
    state: 'failed' as const,
    failure: toFailure(new PacklineError(one.code, one.detail, { zh: one.zh })),
  }))
  return [{ state: 'succeeded' }, ...refused]
}
