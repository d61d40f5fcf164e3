import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ArchiveContent } from '@packline/archive'
import type { Words } from '@packline/shared'
import { failed, LIMITS, PacklineError } from '@packline/shared'
import { sourceFailures } from './texts/failures/sources.ts'
import type { Workbench } from './workbench.ts'

/** An archive in the store: what it is called in words, and the digest that it was stored with. */
export interface StoredArchive {
  title: Words
  sha256: string
  size: number
  stream: Readable
}

interface Place {
  bench: Workbench
  folder: string
  file: string
  /** A larger one goes to the disk. */
  memoryBytesMax?: number
}

/**
 * Brings an archive from the store, a small one into memory, else into a folder of the bench.
 * Throws CONTENT_MISMATCH where other bytes come, STORE_UNAVAILABLE where the store breaks off.
 */
export async function bringArchive(
  stored: StoredArchive,
  { bench, folder, file, memoryBytesMax = LIMITS.memoryTreeBytesMax }: Place,
  signal: AbortSignal,
): Promise<ArchiveContent> {
  const chunks = checked(stored, signal)
  if (stored.size <= memoryBytesMax) {
    return { bytes: Buffer.concat(await Array.fromAsync(chunks)) }
  }
  return toFile(chunks, join(await bench.folder(folder), file))
}

/** What the store gives, no more of it than announced, and at its end held against its digest. */
async function* checked(stored: StoredArchive, signal: AbortSignal): AsyncGenerator<Buffer> {
  const { stream, size, sha256 } = stored
  const abort = () => stream.destroy(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  // A build may have been stopped while the store was asked.
  if (signal.aborted) abort()
  const hash = createHash('sha256')
  let left = size
  try {
    for await (const chunk of stream) {
      left -= chunk.length
      if (left < 0) throw mismatch(stored, `more than its ${size} bytes`)
      hash.update(chunk)
      yield chunk
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof PacklineError ? error : broken(stored, error)
  } finally {
    signal.removeEventListener('abort', abort)
  }
  signal.throwIfAborted()
  const found = hash.digest('hex')
  if (found !== sha256) throw mismatch(stored, `${size - left} bytes of digest ${found}`)
}

async function toFile(chunks: AsyncIterable<Buffer>, path: string): Promise<ArchiveContent> {
  const file = await open(path, 'wx')
  try {
    for await (const chunk of chunks) await file.writeFile(chunk)
  } finally {
    await file.close()
  }
  return { path }
}

function mismatch({ title }: StoredArchive, found: string): PacklineError {
  return failed('CONTENT_MISMATCH', sourceFailures.mismatch(title, found))
}

function broken({ title }: StoredArchive, cause: unknown): PacklineError {
  return failed('STORE_UNAVAILABLE', sourceFailures.brokeOff(title), { cause })
}
