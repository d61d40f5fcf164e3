import { type BuildView, PacklineError } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { readBatch } from './read-batches.ts'
import { readBuild } from './read-builds.ts'
import { addReleased } from './run-build.ts'

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
  throw new PacklineError('CONFLICT', `The build ${id} has ended already: ${view.state}`, {
    hint: 'Only queued and running builds can be cancelled.',
  })
}

/** Newest first: those that wait in the tenant's list go before they could take a freed place. */
export async function cancelBatch(
  context: Context,
  tenant: string,
  batch: string,
  reason: string,
): Promise<{ cancelled: number }> {
  await readBatch(context, tenant, batch)
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
  const [triples, released] = reply as [string[], string[]]
  const ended = toOutcomes(triples)
  await Promise.all(
    ended.filter(({ what }) => what === 'ended').map((job) => removeJob(context, job)),
  )
  await addReleased(context, tenant, released)
  return ended.filter(({ what }) => what === 'ended' || what === 'held').length
}

interface Cancelled {
  id: string
  what: string
  queue: string
}

function toOutcomes(triples: string[]): Cancelled[] {
  const outcomes: Cancelled[] = []
  for (let place = 0; place + 2 < triples.length; place += 3) {
    const [id = '', what = '', queue = ''] = triples.slice(place, place + 3)
    outcomes.push({ id, what, queue })
  }
  return outcomes
}

/** A job that is left, or held by its worker, finds the record ended and returns. */
async function removeJob(context: Context, job: Cancelled): Promise<void> {
  try {
    await context.queues.remove(job.queue, job.id)
  } catch (error) {
    if (!(error instanceof PacklineError)) throw error
  }
}
