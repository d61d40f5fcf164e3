import { Readable } from 'node:stream'
import { PacklineError } from '@packline/shared'
import { type ByteSource, openSource } from './byte-source.ts'
import type { ArchiveContent } from './content.ts'
import { type CentralRecord, readDirectory } from './directory.ts'
import { readEndRecord } from './end-record.ts'
import { readContent, type StoredContent, streamContent, WHOLE_BYTES_MAX } from './entry-content.ts'
import { type EntryKind, readEntryKind } from './entry-kind.ts'
import { type EntryNameEncoding, readEntryName, settleEncoding } from './entry-name.ts'
import { checkLayout, checkSpacing } from './layout.ts'
import { checkLinks, LINK_TARGET_BYTES_MAX, parseLinkTarget } from './links.ts'
import { createPathRegister } from './path-register.ts'
import { createPause, type Pause } from './pause.ts'
import { ArchiveRefusal, quote } from './refusal.ts'

/** One file, link or folder of an archive; sizes in bytes, `path` without a folder's last slash. */
export interface ArchiveEntry {
  path: string
  kind: EntryKind
  size: number
  compressedSize: number
  crc: number
  /** Unix permission bits with setuid and the like; undefined when the maker wrote none. */
  mode: number | undefined
  executable: boolean
  linkTarget?: string
}

/** An archive that passed the gate; its contents are checked when they are read. */
export interface Archive {
  format: 'zip' | 'jar'
  /** In the directory's order. */
  entries: readonly ArchiveEntry[]
  /** Bytes of all files and links, as the directory says and reading holds it to. */
  unpackedSize: number
  /** A file's whole content, checked; UNPACKED_TOO_LARGE beyond `bytesMax`. */
  read(path: string, bytesMax: number): Promise<Buffer>
  /** A file's content as a stream, checked; a failed check is its error. */
  open(path: string): Promise<Readable>
  close(): Promise<void>
}

export interface ArchiveLimits {
  entriesMax: number
  /** Of all entries together. */
  unpackedBytesMax: number
  /** Of each entry: unpacked by packed size. Deflate reaches 1032. */
  ratioMax: number
}

export interface OpenOptions {
  limits: ArchiveLimits
  entryNameEncoding?: EntryNameEncoding
  signal?: AbortSignal
}

const MANIFEST = 'META-INF/MANIFEST.MF'

/** A small package is read by one check after the other, and inflated once. */
const KEPT_BYTES_MAX = 256 * 1024

/**
 * The gate: reads directory and local headers and refuses, with an `ArchiveRefusal`, whatever two
 * readers could understand in two ways, what leaves the package, and what is over the limits.
 * Writes nothing. Contents are checked by `read`, `open`, `unpackArchive` and `verifyArchive`.
 */
export async function openArchive(content: ArchiveContent, options: OpenOptions): Promise<Archive> {
  options.signal?.throwIfAborted()
  const source = await openSource(content)
  try {
    return await readArchive(source, options)
  } catch (error) {
    await source.close()
    throw error
  }
}

async function readArchive(source: ByteSource, options: OpenOptions): Promise<Archive> {
  const { limits } = options
  const pause = createPause(options.signal)
  const place = await readEndRecord(source)
  checkEntryCount(place.entries, limits)
  const records = await readDirectory(source, place, pause)
  const unpackedSize = checkSizes(records, limits)
  checkSpacing(records, place)
  // All that the directory alone gives away is judged before a local header is read.
  const entries = await readEntries(records, options, pause)
  const places = await checkLayout(source, records, place, pause)
  const contents = new Map<string, StoredContent>()
  for (const [index, record] of records.entries()) {
    const entry = entries[index]
    const found = places.get(record)
    if (!entry || !found || (entry.kind === 'folder' && record.compressedSize === 0)) continue
    contents.set(entry.path, { path: entry.path, record, ...found })
  }
  await readFolders(source, entries, contents)
  await readLinks(source, entries, contents, pause)
  const format = contents.has(MANIFEST) ? 'jar' : 'zip'
  return { format, entries, unpackedSize, ...readers(source, contents) }
}

function checkEntryCount(entries: number, limits: ArchiveLimits): void {
  if (entries <= limits.entriesMax) return
  const found = {
    en: `The archive has ${entries} entries; expected at most ${limits.entriesMax}`,
    zh: `压缩包有 ${entries} 个条目；最多 ${limits.entriesMax} 个`,
  }
  throw new ArchiveRefusal('too-many-entries', undefined, found)
}

/** From the directory, before anything is inflated; inflating holds every entry to its size. */
function checkSizes(records: readonly CentralRecord[], limits: ArchiveLimits): number {
  let unpacked = 0
  for (const { rawName, size, compressedSize } of records) {
    unpacked += size
    if (size > limits.ratioMax * compressedSize) {
      const most = `expected at most ${limits.ratioMax} times as many`
      const found = {
        en: `${compressedSize} bytes that unpack to ${size}; ${most}`,
        zh: `${compressedSize} 字节解压后为 ${size} 字节；最多为 ${limits.ratioMax} 倍`,
      }
      throw new ArchiveRefusal('ratio', rawName.toString('utf8'), found)
    }
  }
  if (unpacked <= limits.unpackedBytesMax) return unpacked
  const most = limits.unpackedBytesMax
  const found = {
    en: `The archive unpacks to ${unpacked} bytes; expected at most ${most}`,
    zh: `压缩包解压后为 ${unpacked} 字节；最多 ${most} 字节`,
  }
  throw new ArchiveRefusal('too-large', undefined, found)
}

async function readEntries(
  records: readonly CentralRecord[],
  { limits, entryNameEncoding }: OpenOptions,
  pause: Pause,
): Promise<ArchiveEntry[]> {
  const encoding = settleEncoding(records, entryNameEncoding)
  const register = createPathRegister(limits.entriesMax)
  const entries: ArchiveEntry[] = []
  for (const record of records) {
    const tired = pause()
    if (tired) await tired
    const entry = readEntry(record, encoding)
    register.add(entry.path, entry.kind)
    entries.push(entry)
  }
  return entries
}

function readEntry(record: CentralRecord, encoding: EntryNameEncoding | undefined): ArchiveEntry {
  const name = readEntryName(record, encoding)
  const { kind, mode } = readEntryKind(record, name)
  return {
    path: kind === 'folder' ? name.slice(0, -1) : name,
    kind,
    size: record.size,
    compressedSize: record.compressedSize,
    crc: record.crc,
    mode,
    executable: kind === 'file' && ((mode ?? 0) & 0o111) !== 0,
  }
}

/** Older Java writes folders "deflated": two bytes that must unpack to none. */
async function readFolders(
  source: ByteSource,
  entries: readonly ArchiveEntry[],
  contents: Map<string, StoredContent>,
): Promise<void> {
  for (const { path, kind } of entries) {
    const content = kind === 'folder' && contents.get(path)
    if (!content) continue
    await readContent(source, content)
    contents.delete(path)
  }
}

async function readLinks(
  source: ByteSource,
  entries: readonly ArchiveEntry[],
  contents: ReadonlyMap<string, StoredContent>,
  pause: Pause,
): Promise<void> {
  const links = new Map<string, string>()
  for (const entry of entries) {
    const content = entry.kind === 'link' && contents.get(entry.path)
    if (!content) continue
    if (entry.size > LINK_TARGET_BYTES_MAX) {
      throw new ArchiveRefusal('link-target', entry.path, {
        en: `its target has ${entry.size} bytes; at most ${LINK_TARGET_BYTES_MAX}`,
        zh: `它的目标有 ${entry.size} 字节；最多 ${LINK_TARGET_BYTES_MAX} 字节`,
      })
    }
    entry.linkTarget = parseLinkTarget(entry.path, await readContent(source, content))
    links.set(entry.path, entry.linkTarget)
  }
  if (links.size > 0) await checkLinks(links, pause)
}

function readers(
  source: ByteSource,
  contents: ReadonlyMap<string, StoredContent>,
): Pick<Archive, 'read' | 'open' | 'close'> {
  const find = (path: string) => {
    const content = contents.get(path)
    if (content) return content
    throw new PacklineError('BUG', `The archive was asked for ${quote(path)}, which it has not`)
  }
  const kept = new Map<string, Buffer>()
  let keptBytes = 0
  const whole = async (content: StoredContent) => {
    const before = kept.get(content.path)
    if (before) return before
    const bytes = await readContent(source, content)
    if (keptBytes + bytes.length > KEPT_BYTES_MAX) return bytes
    kept.set(content.path, bytes)
    keptBytes += bytes.length
    return bytes
  }
  return {
    async read(path, bytesMax) {
      const content = find(path)
      if (content.record.size <= bytesMax) return whole(content)
      const { size } = content.record
      const found = {
        en: `it has ${size} bytes; at most ${bytesMax} are read here`,
        zh: `它有 ${size} 字节；这里最多读取 ${bytesMax} 字节`,
      }
      throw new ArchiveRefusal('too-large', path, found)
    },
    async open(path) {
      const content = find(path)
      const isSmall =
        Math.max(content.record.size, content.record.compressedSize) <= WHOLE_BYTES_MAX
      if (!isSmall) return streamContent(source, content)
      return Readable.from([await whole(content)], { objectMode: false })
    },
    close: () => source.close(),
  }
}
