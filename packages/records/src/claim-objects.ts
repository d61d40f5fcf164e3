import { PacklineError } from '@packline/shared'
import type { Context } from './context.ts'

/** Throws STORE_UNAVAILABLE while one of the objects is being removed, which takes a moment. */
export async function claimObjects(context: Context, keys: readonly string[]): Promise<void> {
  if ((await context.run('claim', ...keys)) === 0) throw beingRemoved()
}

export function beingRemoved(): PacklineError {
  return new PacklineError('STORE_UNAVAILABLE', 'A source of the request is just being removed', {
    hint: 'Nobody had named it for a day. Send the request again; upload an archive anew before.',
  })
}
