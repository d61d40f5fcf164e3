import { setTimeout as wait } from 'node:timers/promises'
import { failed } from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import type { ScriptName } from '../scripts.ts'
import { unavailable } from '../texts/unavailable.ts'

/** A caller waits so long for a Redis that was emptied to be filled from the store. */
const WAIT_MS = 1000

/** Runs a script that changes what lasts. */
export async function change(
  context: Context,
  name: ScriptName,
  ...values: (string | number)[]
): Promise<unknown> {
  await whenKnown(context)
  return context.run(name, ...values)
}

/**
 * Before something is made in a Redis that was emptied, all that the store has is brought back:
 * else it would be written over, or its numbers given twice. Throws RECORDS_UNAVAILABLE where that
 * takes longer; it goes on.
 */
export async function whenKnown(context: Context): Promise<void> {
  const { redis, keys, store } = context
  if (!store || (await answer(redis.exists(keys.lastingKnown))) === 1) return
  await Promise.race([context.restore(), tooLong()])
}

async function tooLong(): Promise<never> {
  await wait(WAIT_MS, undefined, { ref: false })
  throw failed('RECORDS_UNAVAILABLE', unavailable.filling())
}
