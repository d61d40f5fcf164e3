import { failed, type PacklineError } from '@packline/shared'
import type { Context } from './context.ts'
import { unavailable } from './texts/unavailable.ts'

/** Throws STORE_UNAVAILABLE while one of the objects is being removed, which takes a moment. */
export async function claimObjects(context: Context, keys: readonly string[]): Promise<void> {
  if ((await context.run('claim', ...keys)) === 0) throw beingRemoved()
}

export function beingRemoved(): PacklineError {
  return failed('STORE_UNAVAILABLE', unavailable.beingRemoved())
}
