import {
  type DeliveryExpansion,
  type DeliveryView,
  failed,
  LIMITS,
  PacklineError,
  type Receipt,
} from '@packline/shared'
import { addJobs } from '../add-jobs.ts'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { expansionArguments, jobOfExpansion } from '../expansions/accept-expansion.ts'
import { readExpansion } from '../expansions/read-expansion.ts'
import { newId } from '../new-id.ts'
import { conflicts } from '../texts/conflicts.ts'
import { noSuch } from '../texts/no-such.ts'
import { noHook } from './hook-fields.ts'
import type { NewDelivery, OpenHook, Push } from './hooks.ts'
import { openHook, readHook } from './read-hook.ts'

/** As long as a delivery is known. */
const SEEN_SECONDS = 30 * 24 * 3600

/** As it is kept; what came of it is its expansion's to say. */
type Kept = Omit<DeliveryView, 'state' | 'builds'> & { push?: Push; expansion?: string }

export async function receiveDelivery(
  context: Context,
  hook: OpenHook,
  { seenBy, push, ...told }: NewDelivery,
): Promise<Receipt> {
  const kept: Kept = { ...told, id: newId('d'), receivedAt: new Date().toISOString(), push }
  return take(context, hook, kept, { seenBy })
}

export async function redeliver(
  context: Context,
  tenant: string,
  id: string,
  delivery: string,
): Promise<Receipt> {
  const hook = await openHook(context, id, tenant)
  const text = await answer(context.redis.hget(context.keys.hookDelivery(id), delivery))
  if (text === null) {
    const words = noSuch.delivery(id, delivery.slice(0, 64), LIMITS.deliveriesKept)
    throw failed('NOT_FOUND', words)
  }
  const { number, expansion: _expansion, ...before } = JSON.parse(text) as Kept
  if (!before.push) throw failed('CONFLICT', conflicts.noPush(before.outcome))
  const again = { id: newId('d'), receivedAt: new Date().toISOString(), redeliveryOf: delivery }
  return take(context, hook, { ...before, ...again }, { number })
}

/** Newest first. */
export async function listDeliveries(
  context: Context,
  tenant: string,
  id: string,
): Promise<DeliveryView[]> {
  await readHook(context, tenant, id)
  const { redis, keys } = context
  const ids = await answer(redis.lrange(keys.hookDeliveries(id), 0, -1))
  if (ids.length === 0) return []
  const texts = await answer(redis.hmget(keys.hookDelivery(id), ...ids))
  const kept = texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as Kept]))
  return Promise.all(kept.map((one) => withOutcome(context, tenant, one)))
}

async function take(
  context: Context,
  hook: OpenHook,
  kept: Kept,
  { seenBy = '', number }: { seenBy?: string; number?: number },
): Promise<Receipt> {
  const { id, outcome, reason, zh, push } = kept
  const expansion = push && expansionArguments(specOf(hook, id, push), hook)
  const written = { ...kept, expansion: expansion?.id }
  const [what, before = ''] = (await context.run(
    'receive',
    hook.id,
    seenBy,
    SEEN_SECONDS,
    id,
    JSON.stringify(written),
    LIMITS.deliveriesKept,
    push?.ref ?? '',
    number ?? '',
    ...(expansion?.values ?? []),
  )) as string[]
  if (what === 'gone') throw noHook(hook.id)
  if (what === 'seen') return { delivery: before, outcome: 'seen' }
  if (expansion) await addJobs(context, [jobOfExpansion(expansion.id, hook.tenant)])
  return { delivery: id, outcome, reason, ...(zh?.reason && { zh: { reason: zh.reason } }) }
}

/** The script says the number. */
function specOf(hook: OpenHook, delivery: string, push: Push): DeliveryExpansion {
  const { id, repository: url, credential, functions, labels } = hook
  const source = { url, ...(credential !== undefined && { credential }) }
  return { kind: 'delivery', hook: id, delivery, number: 0, ...push, source, functions, labels }
}

async function withOutcome(
  context: Context,
  tenant: string,
  { push: _push, expansion, ...kept }: Kept,
): Promise<DeliveryView> {
  if (expansion === undefined) return kept
  const view = await readExpansion(context, tenant, expansion).catch(unlessForgotten)
  if (!view) return kept
  const { state, failure, result } = view
  if (!result) return { ...kept, state, failure }
  const { commit, builds, untouched, outrun, superseded, refused: unfit, warnings, zh } = result
  return { ...kept, state, commit, builds, untouched, outrun, superseded, unfit, warnings, zh }
}

/** A delivery may outlast what came of it by a little. */
function unlessForgotten(error: unknown): undefined {
  if (!(error instanceof PacklineError) || error.code !== 'NOT_FOUND') throw error
}
