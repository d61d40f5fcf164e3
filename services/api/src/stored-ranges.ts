import { buffer } from 'node:stream/consumers'
import type { ReadRange } from '@packline/archive'
import type { PacklineError } from '@packline/shared'
import type { Store } from '@packline/stores'

/** Reads parts of an object; throws what `gone` makes where the store has it no more. */
export function rangesOf(
  key: string,
  store: Pick<Store, 'get'>,
  gone: () => PacklineError,
): ReadRange {
  return async (position, length) => {
    if (length === 0) return Buffer.alloc(0)
    const range = { start: position, end: position + length - 1 }
    const object = await store.get(key, { range })
    if (object) return buffer(object.stream)
    throw gone()
  }
}
