import type { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { ArchiveContent } from './content.ts'
import type { PackageEntry } from './package-entry.ts'
import { planParts } from './package-parts.ts'
import { collectOutput, type Destination } from './packed-output.ts'
import { feedParts } from './zip-feed.ts'

/** A finished package; `entries` counts files and links, sizes are bytes, sha256 in hex. */
export interface PackedFile {
  content: ArchiveContent
  size: number
  sha256: string
  entries: number
  unpackedSize: number
}

export interface WriteOptions {
  signal?: AbortSignal
  /** Deflate level 1 to 9, 0 to store; anything but the default changes the bytes. */
  level?: number
  /** Manifest first, folder entries, nested jars stored, as Java's tools and Spring Boot need. */
  jar?: boolean
}

/** Made once: an error per package would cost as much as its hash. */
const FINISHED = new Error('The package is written')
/** zlib's own default; higher ones cost twice the time for one or two percent. */
const LEVEL_DEFAULT = 6

/**
 * Writes entries as a ZIP with the same bytes always: sorted, 1980-01-01 00:00, modes 0644, 0755
 * and links, UTF-8 names; only the zlib in Node is a variable. Memory is bounded but for a
 * destination in memory. ARCHIVE_REFUSED for names that the gate refuses, BUG for contents that
 * are not as announced, DISK_FULL; a file that stands at the destination is never overwritten.
 */
export async function writeZip(
  entries: Iterable<PackageEntry>,
  destination: Destination,
  options: WriteOptions = {},
): Promise<PackedFile> {
  const { signal, level = LEVEL_DEFAULT, jar = false } = options
  signal?.throwIfAborted()
  const parts = await planParts(entries, jar, signal)
  const zip = new ZipFile()
  const output = zip.outputStream as unknown as Readable
  const stop = new AbortController()
  const fail = (error: unknown) => {
    stop.abort(error)
    output.destroy(error as Error)
  }
  zip.on('error', fail)
  // The error is met where the output is read; without a listener it would end the process first.
  output.on('error', () => {})
  const onAbort = () => fail(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const fed = feedParts(zip, parts, { level, signal: stop.signal }).catch(fail)
    const packed = await collectOutput(output, destination).finally(() => stop.abort(FINISHED))
    await fed
    const contents = parts.filter(({ kind }) => kind !== 'folder')
    const unpackedSize = contents.reduce((sum, { size }) => sum + size, 0)
    return { ...packed, entries: contents.length, unpackedSize }
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
