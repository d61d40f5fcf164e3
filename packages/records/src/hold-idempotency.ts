import { randomUUID } from 'node:crypto'
import { failed } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { conflicts } from './texts/conflicts.ts'

/** A process that was killed is missed after this; one that works says so three times as often. */
const HELD_MS = 30_000
/** No request is worked on for longer: a body that comes slowly is cut by then. */
const WORK_MS_MAX = 10 * 60_000

/**
 * Keeps every other request with the same key out until the answer is known (answers how to let
 * go). One that was answered already lets all in: they are answered the same. Throws
 * IDEMPOTENCY_IN_USE while another holds it.
 */
export async function holdIdempotency(
  { redis, keys, run }: Context,
  tenant: string,
  key: string,
): Promise<() => Promise<void>> {
  const lock = keys.idempotencyHeld(tenant, key)
  const holder = randomUUID()
  if ((await answer(redis.set(lock, holder, 'PX', HELD_MS, 'NX'))) !== 'OK') {
    if ((await answer(redis.exists(keys.idempotency(tenant, key)))) === 1) return nothing
    throw failed('IDEMPOTENCY_IN_USE', conflicts.keyInUse())
  }
  let isLetGo = false
  const keep = async (ms: number) => {
    // Where Redis is away the lock ends by itself.
    await run('keep-lock', lock, holder, ms).catch(() => undefined)
  }
  const until = Date.now() + WORK_MS_MAX
  const renewing = setInterval(() => {
    if (Date.now() > until) clearInterval(renewing)
    else void keep(HELD_MS)
  }, HELD_MS / 3)
  return async () => {
    if (isLetGo) return
    isLetGo = true
    clearInterval(renewing)
    await keep(0)
  }
}

async function nothing(): Promise<void> {
  // Who holds nothing lets nothing go.
}
