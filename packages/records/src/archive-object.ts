import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { failed } from '@packline/shared'
import type { ArchiveStore } from './records.ts'
import { unavailable } from './texts/unavailable.ts'

/** Time to write or read one object of the archive. */
const STORE_TIMEOUT_MS = 20_000

/**
 * What one object may unfold to. A segment has 4 Mi characters, of 3 bytes at most, or is one line;
 * a log is written as it is, since JSON makes six bytes of a control character.
 */
const UNFOLDED_BYTES_MAX = 64 * 1024 * 1024

/** One object of the archive, folded. */
export async function writeObject(store: ArchiveStore, key: string, text: string): Promise<void> {
  const bytes = await promisify(gzip)(text, { level: 1 })
  await store.put(key, bytes, AbortSignal.timeout(STORE_TIMEOUT_MS))
}

/** A log by itself: the lengths of its chunks as one line of JSON, then the text. */
export async function writeLog(
  store: ArchiveStore,
  key: string,
  chunks: readonly string[],
): Promise<void> {
  const lengths = JSON.stringify(chunks.map(({ length }) => length))
  await writeObject(store, key, `${lengths}\n${chunks.join('')}`)
}

/** The chunks that `writeLog` wrote. */
export function readChunks(text: string): string[] {
  let from = text.indexOf('\n') + 1
  return (JSON.parse(text.slice(0, from)) as number[]).map((length) => {
    from += length
    return text.slice(from - length, from)
  })
}

/** Throws STORE_UNAVAILABLE where the object can not be had, or is not whole. */
export async function readObject(store: ArchiveStore | undefined, key: string): Promise<string> {
  let cause: unknown
  try {
    const bytes = await store?.get(key, AbortSignal.timeout(STORE_TIMEOUT_MS))
    if (bytes) return await unfold(bytes)
  } catch (error) {
    cause = error
  }
  throw failed('STORE_UNAVAILABLE', unavailable.archive(key), { cause })
}

async function unfold(bytes: Uint8Array): Promise<string> {
  const text = await promisify(gunzip)(bytes, { maxOutputLength: UNFOLDED_BYTES_MAX })
  return text.toString('utf8')
}
