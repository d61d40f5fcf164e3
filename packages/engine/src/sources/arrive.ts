import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ArchiveContent } from '@packline/archive'
import { failed, LIMITS, type PacklineError } from '@packline/shared'
import { sourceFailures } from '../texts/failures/sources.ts'
import type { Workbench } from '../workbench.ts'

/** An archive that has come from outside, and what its bytes are. */
export interface Arrived {
  archive: ArchiveContent
  size: number
  sha256: string
  /** By its first bytes. */
  isGzip: boolean
}

export interface Arrival {
  stream: Readable
  /** What it is in the words of an error. */
  title: string
  /** More of it is refused: SOURCE_TOO_LARGE. */
  bytesMax: number
  /** As the request or an earlier attempt says; another one is refused: SOURCE_DIFFERS. */
  sha256: string | undefined
}

const FILE = 'fetched.archive'

/** Takes a stream in, a short one into memory, a longer one into a file of the bench. */
export async function arrive(arrival: Arrival, bench: Workbench): Promise<Arrived> {
  const { stream, title, bytesMax, sha256: expected } = arrival
  const hash = createHash('sha256')
  const place = holdOrWrite(bench)
  let size = 0
  let start = Buffer.alloc(0)
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > bytesMax) throw tooLarge(title, size, bytesMax)
      if (start.length < 2) start = Buffer.concat([start, chunk.subarray(0, 2)])
      hash.update(chunk)
      await place.take(chunk)
    }
  } finally {
    await place.close()
  }
  const sha256 = hash.digest('hex')
  if (expected !== undefined && expected !== sha256) throw differs(title, expected, sha256)
  const isGzip = start[0] === 0x1f && start[1] === 0x8b
  return { archive: place.content(), size, sha256, isGzip }
}

function holdOrWrite(bench: Workbench) {
  const held: Buffer[] = []
  let bytes = 0
  let file: FileHandle | undefined
  let path: string | undefined
  return {
    take: async (chunk: Buffer) => {
      bytes += chunk.length
      if (file) return file.writeFile(chunk)
      held.push(chunk)
      if (bytes <= LIMITS.memoryTreeBytesMax) return
      path = join(await bench.folder('fetched'), FILE)
      file = await open(path, 'wx')
      for (const earlier of held.splice(0)) await file.writeFile(earlier)
    },
    close: async () => file?.close(),
    content: (): ArchiveContent => (path === undefined ? { bytes: Buffer.concat(held) } : { path }),
  }
}

/** Rule object-size; said before a byte comes where the size is known. */
export function tooLarge(title: string, size: number, bytesMax: number): PacklineError {
  return failed('SOURCE_TOO_LARGE', sourceFailures.tooLarge(title, size, bytesMax))
}

/** Another content than the one that was named or that an earlier attempt built. */
export function differs(title: string, expected: string, found: string): PacklineError {
  return failed('SOURCE_DIFFERS', sourceFailures.differs(title, expected, found))
}

/** Ends work that takes longer than the build may: TIMED_OUT. */
export async function within<T>(
  signal: AbortSignal,
  seconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(seconds * 1000)
  try {
    return await work(AbortSignal.any([signal, limit]))
  } catch (error) {
    if (signal.aborted || !limit.aborted) throw error
    throw failed('TIMED_OUT', sourceFailures.late(seconds), { cause: error })
  }
}
