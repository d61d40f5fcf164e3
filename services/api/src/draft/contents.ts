import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { type DraftEntry, STORE_KEYS } from '@packline/shared'
import type { Surroundings } from '../surroundings.ts'

/** What a file is to hold; `executable` as it was where it says nothing. */
export interface FileContent {
  bytes: Buffer
  executable?: boolean
}

/** What the draft will say of a file of this content. */
export function entryOf({ bytes, executable = false }: FileContent): DraftEntry {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const entry: DraftEntry = { kind: 'file', size: bytes.length, sha256 }
  if (executable) entry.executable = true
  if (!isUtf8(bytes) || bytes.includes(0)) entry.binary = true
  return entry
}

/** Claimed before it is stored, so that it is not swept before the draft names it. */
export async function keepContent(
  { sha256 = '' }: DraftEntry,
  bytes: Buffer,
  tenant: string,
  { records, store }: Pick<Surroundings, 'records' | 'store'>,
): Promise<void> {
  const key = STORE_KEYS.draftFile(tenant, sha256)
  await records.claim([key])
  await store.put(key, { bytes }, { sha256, contentType: 'application/octet-stream' })
}

/** Work on many files, some at a time; the first fault ends it. */
export async function inTurns<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = Iterator.from(items)
  const worker = async () => {
    for (const item of left) await work(item)
  }
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
