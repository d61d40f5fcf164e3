import { once } from 'node:events'
import { Readable, type Writable } from 'node:stream'
import type { ZipFile } from 'yazl'
import { AT_ONCE_BYTES_MAX, addDeflated } from './add-deflated.ts'
import type { PackagePart } from './package-parts.ts'
import { partBlocks, readPart } from './part-content.ts'
import { createPause } from './pause.ts'

/** Contents up to this are deflated in one piece, all but small ones in the thread pool. */
const WHOLE_BYTES_MAX = 1024 * 1024
/** A nested jar in a jar must be stored with its size in front, which needs it in one piece. */
const STORED_WHOLE_BYTES_MAX = 64 * 1024 * 1024
/** What may wait in memory: a wave is this many bytes or entries, whichever is reached first. */
const WAVE_BYTES_MAX = 1024 * 1024
const WAVE_ENTRIES_MAX = 64

/** yazl keeps the DOS time in local time: midnight here is midnight in the archive, in any zone. */
const mtime = new Date(1980, 0, 1)

export interface FeedOptions {
  level: number
  signal: AbortSignal
}

/**
 * Hands the parts to yazl, which would take and deflate any number of buffers at once. It asks for
 * a stream only when all before it is written, the one sign of progress it gives: so the first
 * entry of every wave is streamed. Waves are cut by sizes alone: same content, same bytes.
 */
export async function feedParts(
  zip: ZipFile,
  parts: readonly PackagePart[],
  options: FeedOptions,
): Promise<void> {
  const pause = createPause(options.signal)
  let bytes = 0
  let entries = 0
  for (const part of parts) {
    options.signal.throwIfAborted()
    const attributes = { mtime, mode: part.mode, forceDosTimestamp: true }
    if (part.kind === 'folder') {
      zip.addEmptyDirectory(part.path, attributes)
      continue
    }
    const deflated = { ...attributes, compressionLevel: part.stored ? 0 : options.level }
    const isFull = bytes >= WAVE_BYTES_MAX || entries >= WAVE_ENTRIES_MAX
    if (isStreamed(part, isFull)) {
      await addStream(zip, part, deflated, options.signal)
      releaseWritten(zip)
      bytes = 0
      entries = 0
      continue
    }
    if (part.stored) await drained(zip, options.signal)
    const content = await readPart(part)
    options.signal.throwIfAborted()
    if (isDeflatedAtOnce(part, options)) {
      const tired = pause()
      if (tired) await tired
      addDeflated(zip, content, part.path, deflated)
    } else zip.addBuffer(content, part.path, deflated)
    bytes += part.size
    entries += 1
  }
  zip.end()
}

/** Stored parts stay whole: Java's streaming reader takes no stored entry with a descriptor. */
function isStreamed(part: PackagePart, isFull: boolean): boolean {
  if (part.stored) return part.size > STORED_WHOLE_BYTES_MAX
  return isFull || part.size > WHOLE_BYTES_MAX
}

function isDeflatedAtOnce({ stored, size }: PackagePart, { level }: FeedOptions): boolean {
  return !stored && level > 0 && size <= AT_ONCE_BYTES_MAX
}

/** The fields of yazl's entries that keep memory; yazl is pinned to the version that has them. */
interface WrittenEntry {
  doFileDataPump?: () => void
  utf8FileName: Buffer
}

/**
 * yazl keeps every buffer it was given in the closures of its entries, and each name keeps the
 * block of Buffer's pool that it shares with compressed bytes: 400 MB for a common node_modules.
 * All but the last entry are written when this is called, so theirs are let go.
 */
function releaseWritten(zip: ZipFile): void {
  const { entries } = zip as unknown as { entries: WrittenEntry[] }
  for (let at = entries.length - 2; at >= 0; at -= 1) {
    const entry = entries[at]
    if (!entry || entry.doFileDataPump === released) break
    entry.doFileDataPump = released
    const name = Buffer.allocUnsafeSlow(entry.utf8FileName.length)
    entry.utf8FileName.copy(name)
    entry.utf8FileName = name
  }
}

function released(): void {}

/** yazl writes on whether or not anybody reads; here it is made to wait. */
async function drained(zip: ZipFile, signal: AbortSignal): Promise<void> {
  const output = zip.outputStream as unknown as Writable
  if (output.writableNeedDrain) await once(output, 'drain', { signal })
}

/** Ends when yazl has taken the stream, that is when everything before it has been written. */
async function addStream(
  zip: ZipFile,
  part: PackagePart,
  attributes: object,
  signal: AbortSignal,
): Promise<void> {
  const output = zip.outputStream as unknown as Writable
  const taken = Promise.withResolvers<void>()
  const abort = () => taken.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  zip.addReadStreamLazy(part.path, { ...attributes, size: part.size }, async (take) => {
    try {
      await drained(zip, signal)
      const content = Readable.from(partBlocks(part), { objectMode: false })
      // yazl does not look at the stream's errors and would wait for its end for ever.
      content.on('error', (error) => output.destroy(error))
      const end = () => content.destroy()
      signal.addEventListener('abort', end, { once: true })
      content.on('close', () => signal.removeEventListener('abort', end))
      take(undefined, content)
      taken.resolve()
    } catch (error) {
      taken.reject(error)
    }
  })
  try {
    await taken.promise
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
