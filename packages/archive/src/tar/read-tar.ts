import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, type Gunzip } from 'node:zlib'
import type { ArchiveLimits } from '../archive.ts'
import type { ArchiveContent } from '../content.ts'
import { ArchiveRefusal, type Found } from '../refusal.ts'
import { createLongHeaders, FOR_ALL, type TarEntryHeader } from './long-headers.ts'
import { createTarFeed, type TarFeed } from './tar-feed.ts'
import { BLOCK_BYTES, decodeHeader, type TarHeader } from './tar-header.ts'

/** Zeros (most writers fill up 10 KiB, some 2 MiB), and what is inflated ahead of the reader. */
const PADDING_BYTES_MAX = 4 * 1024 * 1024
/** A piece is a turn of the thread pool; with zlib's own 16 KiB turns cost more than the work. */
const INFLATED_AT_ONCE = 128 * 1024
/** Of long names and pax records: one with a file's attributes may be large, not all of them. */
const LONG_HEADER_BYTES_MAX = 1024 * 1024
const LONG_HEADERS_BYTES_MAX = 32 * 1024 * 1024

/** What `use` reads of the content, or does not, before it is done. */
export interface TarSource {
  header: TarEntryHeader
  content: AsyncIterable<Buffer>
}
type Use = (source: TarSource) => void | Promise<void>

interface ReadOptions {
  limits: ArchiveLimits
  signal?: AbortSignal | undefined
}

interface Progress {
  gunzip: Gunzip
  packed: number
  limits: ArchiveLimits
  headers: number
  /** All that is one, the root folder too, and headers for all entries: of others each has two. */
  entries: number
  /** What all headers and the contents that they announce have, blocks filled up. */
  explained: number
  /** Of headers in front of entries. */
  longBytes: number
}

/**
 * Inflates a tar.gz and hands each entry on with its content still to be read, in turns; what the
 * entries are is for `use` to judge. Refuses what is no whole gzip file, what is no tar that all
 * readers read alike, and what follows its end.
 */
export async function readTar(
  content: ArchiveContent,
  { limits, signal }: ReadOptions,
  use: Use,
): Promise<void> {
  const packed = 'bytes' in content ? content.bytes.length : (await stat(content.path)).size
  const source = 'bytes' in content ? pieces(content.bytes) : createReadStream(content.path)
  const gunzip = createGunzip({ chunkSize: INFLATED_AT_ONCE })
  const progress = { gunzip, packed, limits, headers: 0, entries: 0, explained: 0, longBytes: 0 }
  const read = (inflated: AsyncIterable<Buffer>) => {
    const feed = createTarFeed(watch(inflated, progress), () => cut(progress))
    return readEntries(feed, progress, use)
  }
  try {
    await pipeline(source, gunzip, read, { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw asRefusal(error)
  }
  checkEnd(progress)
}

const MIB = [LONG_HEADER_BYTES_MAX, LONG_HEADERS_BYTES_MAX].map((bytes) => bytes / 1024 ** 2)

function filledUp(size: number): number {
  return Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES
}

function pieces(bytes: Buffer): Readable {
  return Readable.from([bytes], { objectMode: false })
}

async function readEntries(feed: TarFeed, progress: Progress, use: Use): Promise<void> {
  const longHeaders = createLongHeaders()
  let isEnded = false
  for (;;) {
    const taken = feed.take(BLOCK_BYTES)
    const block = taken instanceof Promise ? await taken : taken
    const isEnd = block.length === 0
    if (isEnd && !longHeaders.areOpen()) return
    if (block.length < BLOCK_BYTES) throw cut(progress)
    const header = decodeHeader(block)
    if (header === undefined) throw noHeader(progress)
    if (header === 'foreign') throw foreign(progress)
    if (header === 'zeros') {
      isEnded = true
      continue
    }
    progress.headers += 1
    if (isEnded) throw behindEnd(header)
    if (longHeaders.has(header.type)) {
      if (header.type === FOR_ALL) countEntry(progress)
      const bytes = await longContent(header, feed, progress)
      if (!longHeaders.take(header.type, bytes)) throw unclear(progress)
      continue
    }
    const entry = longHeaders.apply(header)
    countEntry(progress)
    progress.explained += BLOCK_BYTES + filledUp(entry.size)
    const used = use({ header: entry, content: feed.content(entry.size) })
    if (used) await used
    const skipped = feed.skip()
    if (skipped) await skipped
  }
}

async function longContent(
  { size }: TarHeader,
  feed: TarFeed,
  progress: Progress,
): Promise<Buffer> {
  progress.longBytes += size
  if (size > LONG_HEADER_BYTES_MAX || progress.longBytes > LONG_HEADERS_BYTES_MAX) {
    throw new ArchiveRefusal('too-large', undefined, {
      en: `Names and attributes have over ${MIB[0]} MiB in one header, or ${MIB[1]} MiB in all`,
      zh: `名称和属性在一个头部中超过 ${MIB[0]} MiB，或总共超过 ${MIB[1]} MiB`,
    })
  }
  const filled = filledUp(size)
  progress.explained += BLOCK_BYTES + filled
  const bytes = await feed.take(filled)
  if (bytes.length < filled) throw cut(progress)
  return bytes.subarray(0, size)
}

function countEntry(progress: Progress): void {
  const { entriesMax } = progress.limits
  progress.entries += 1
  if (progress.entries <= entriesMax) return
  throw new ArchiveRefusal('too-many-entries', undefined, {
    en: `The archive has more than ${entriesMax} entries`,
    zh: `压缩包有超过 ${entriesMax} 个条目`,
  })
}

/** Holds what is inflated to its bounds, also where no entry comes. */
async function* watch(inflated: AsyncIterable<Buffer>, progress: Progress): AsyncGenerator<Buffer> {
  const { packed, limits } = progress
  const { ratioMax } = limits
  let bytes = 0
  for await (const chunk of inflated) {
    bytes += chunk.length
    if (bytes > ratioMax * packed) {
      const found = {
        en: `${packed} bytes that inflate to ${bytes} or more; at most ${ratioMax} times as many`,
        zh: `${packed} 字节解压后为 ${bytes} 字节或更多；最多为 ${ratioMax} 倍`,
      }
      throw new ArchiveRefusal('ratio', undefined, found)
    }
    if (bytes > progress.explained + PADDING_BYTES_MAX) {
      const found = {
        en: `The tar has over ${PADDING_BYTES_MAX} bytes of zeros that belong to no entry`,
        zh: `tar 中有超过 ${PADDING_BYTES_MAX} 字节的零不属于任何条目`,
      }
      throw new ArchiveRefusal('too-large', undefined, found)
    }
    yield chunk
  }
}

/** Some readers stop at a block of zeros, others go on. */
function behindEnd({ name }: TarHeader): ArchiveRefusal {
  const found = 'it stands behind the end of the tar, where few readers look'
  return new ArchiveRefusal('trailing', name.toString('utf8'), found)
}

/** What stands behind the compressed data is read by some and by others not. */
function checkEnd({ gunzip, packed }: Progress): void {
  const left = packed - gunzip.bytesWritten
  if (left === 0) return
  throw new ArchiveRefusal('trailing', undefined, {
    en: `${left} bytes follow the compressed data`,
    zh: `压缩数据之后还有 ${left} 字节`,
  })
}

const NO_TAR = {
  en: 'The gzip file holds no tar; expected a tar.gz',
  zh: 'gzip 文件里没有 tar；应为 tar.gz',
}

function cut({ headers }: Progress): ArchiveRefusal {
  if (headers === 0) return new ArchiveRefusal('not-a-zip', undefined, NO_TAR)
  return new ArchiveRefusal('cut', undefined, 'The tar ends in the middle of an entry')
}

function noHeader(progress: Progress): ArchiveRefusal {
  if (progress.headers === 0) return new ArchiveRefusal('not-a-zip', undefined, NO_TAR)
  return unclear(progress)
}

function unclear({ entries }: Progress): ArchiveRefusal {
  return new ArchiveRefusal('data-damaged', undefined, {
    en: `After ${entries} entries a header of the tar can not be read`,
    zh: `tar 在 ${entries} 个条目之后的头部无法读取`,
  })
}

function foreign({ entries }: Progress): ArchiveRefusal {
  const found = {
    en: `After ${entries} entries a header of the tar is of a form that readers take differently`,
    zh: `tar 在 ${entries} 个条目之后的头部形式特殊，各读取程序的处理不同`,
  }
  const hint = 'Pack it again with tar --format=pax, whole and not as an increment.'
  return new ArchiveRefusal('method', undefined, found, { hint })
}

/** What zlib says, as reasons of ours; other errors stay what they are. */
function asRefusal(cause: unknown): unknown {
  if (cause instanceof ArchiveRefusal || !(cause instanceof Error)) return cause
  const refusal = (reason: 'cut' | 'data-damaged', found: Found) =>
    new ArchiveRefusal(reason, undefined, found, { cause })
  const code = 'code' in cause ? String(cause.code) : ''
  if (code === 'Z_BUF_ERROR') return refusal('cut', 'The gzip file ends in the middle')
  if (!code.startsWith('Z_') || code === 'Z_MEM_ERROR') return cause
  return refusal('data-damaged', 'The gzip file can not be inflated')
}
