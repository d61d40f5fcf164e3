import { type BuildView, failed } from '@packline/shared'
import { removeJobs, toOutcomes } from './add-jobs.ts'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { cancelExpansion } from './expansions/run-expansion.ts'
import { addNotices } from './notices/make-notices.ts'
import { readBatchState } from './read-batches.ts'
import { readBuild } from './read-builds.ts'
import { addReleased } from './run-build.ts'
import { conflicts } from './texts/conflicts.ts'
import { unfoldBatches } from './unfold-batch.ts'

/** One script's worth: Redis does nothing else meanwhile. */
const CANCELLED_AT_ONCE = 500

export async function cancelBuild(
  context: Context,
  tenant: string,
  id: string,
  reason: string,
): Promise<BuildView> {
  await cancelAll(context, tenant, [id], reason)
  const view = await readBuild(context, tenant, id)
  if (view.state === 'cancelled') return view
  throw failed('CONFLICT', conflicts.ended(id, view.state))
}

/** Newest first: those that wait in the tenant's list go before they could take a freed place. */
export async function cancelBatch(
  context: Context,
  tenant: string,
  batch: string,
  reason: string,
): Promise<{ cancelled: number }> {
  const { expansion } = await readBatchState(context, tenant, batch)
  // Before its builds: from here on there come no more.
  if (expansion !== undefined) await cancelExpansion(context, expansion, reason)
  await unfoldBatches(context, batch)
  const index = context.keys.index(tenant, { batch })
  const members = await answer(context.redis.zrange(index, 0, '-1', 'REV'))
  let cancelled = 0
  for (let from = 0; from < members.length; from += CANCELLED_AT_ONCE) {
    const some = members.slice(from, from + CANCELLED_AT_ONCE)
    cancelled += await cancelAll(context, tenant, some, reason)
  }
  return { cancelled }
}

async function cancelAll(
  context: Context,
  tenant: string,
  ids: string[],
  reason: string,
): Promise<number> {
  const at = new Date().toISOString()
  const result = JSON.stringify({ cancelReason: reason })
  const event = JSON.stringify({ type: 'cancelled', at, reason })
  const reply = await context.run('cancel', tenant, at, result, event, ...ids)
  const [triples, released, told] = reply as [string[], string[], string[]]
  const ended = toOutcomes(triples)
  await removeJobs(context, ended)
  await addReleased(context, tenant, released)
  await addNotices(context, tenant, told)
  return ended.filter(({ what }) => what === 'ended' || what === 'held').length
}
