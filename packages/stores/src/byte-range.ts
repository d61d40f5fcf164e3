import { PacklineError } from '@packline/shared'
import type { GetOptions } from './store.ts'

/** Refuses a range that no object could have, with INVALID_REQUEST. */
export function checkRange(range: GetOptions['range']): void {
  if (!range) return
  const { start, end } = range
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start) return
  throw new PacklineError(
    'INVALID_REQUEST',
    `The range is ${start} to ${end}; expected whole numbers, from 0 on, end not before start`,
  )
}

/** The range starts after the object's last byte. */
export function outsideObject(key: string, range: { start: number }): PacklineError {
  return new PacklineError(
    'INVALID_REQUEST',
    `The range starts at byte ${range.start}, after the end of ${key}`,
  )
}
