import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, type Gunzip } from 'node:zlib'
import { type Extract, extract } from 'tar-stream'
import type { ArchiveLimits } from '../archive.ts'
import type { ArchiveContent } from '../content.ts'
import { ArchiveRefusal, type Found } from '../refusal.ts'
import { watchZeroBlocks, type ZeroBlocks } from './zero-blocks.ts'

const BLOCK_BYTES = 512
/** What an entry adds to its content: its header, its long name, what a pax header says of it. */
const OVERHEAD_BYTES = 64 * 1024
/** Zeros behind the end (most writers fill up 10 KiB), and what is inflated ahead of the reader. */
const PADDING_BYTES_MAX = 1024 * 1024

/** One entry with its content, which its types keep to themselves. */
export type Source = Extract extends AsyncIterable<infer One> ? One : never

interface ReadOptions {
  limits: ArchiveLimits
  signal?: AbortSignal | undefined
}

interface Progress {
  gunzip: Gunzip
  zeros: ZeroBlocks
  packed: number
  /** That were handed on, and the bytes that they say they have. */
  entries: number
  contents: number
}

/**
 * Inflates a tar.gz and hands each entry on with its content still to be read, in turns; what the
 * entries are is for `use` to judge. Refuses what is no whole gzip file, and what follows its end.
 */
export async function readTar(
  content: ArchiveContent,
  { limits, signal }: ReadOptions,
  use: (entry: Source) => Promise<void>,
): Promise<void> {
  const packed = 'bytes' in content ? content.bytes.length : (await stat(content.path)).size
  const source = 'bytes' in content ? pieces(content.bytes) : createReadStream(content.path)
  const progress = {
    gunzip: createGunzip(),
    zeros: watchZeroBlocks(),
    packed,
    entries: 0,
    contents: 0,
  }
  // Names as bytes: whether they are UTF-8 is judged where they are read.
  const entries = extract({ filenameEncoding: 'latin1' } as object)
  const watched = (inflated: AsyncIterable<Buffer>) => watch(inflated, progress, limits)
  const fed = pipeline(source, progress.gunzip, watched, entries as unknown as Writable, {
    signal,
  }).then(
    () => undefined,
    (error: unknown) => error,
  )
  const used = await useAll(entries, progress, use).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (used !== undefined) entries.destroy()
  const broken = await fed
  signal?.throwIfAborted()
  const error = used instanceof ArchiveRefusal ? used : (broken ?? used)
  if (error !== undefined) throw asRefusal(error, progress)
  checkEnd(progress)
}

function pieces(bytes: Buffer): Readable {
  return Readable.from([bytes], { objectMode: false })
}

async function useAll(
  entries: Extract,
  progress: Progress,
  use: (entry: Source) => Promise<void>,
): Promise<void> {
  for await (const entry of entries) {
    const { name, size } = entry.header
    progress.entries += 1
    progress.contents += size
    // Not in the types: where its content begins, behind the header.
    const { byteOffset } = entry.header as unknown as { byteOffset: number }
    if (progress.zeros.precede(byteOffset - BLOCK_BYTES, byteOffset + size)) {
      const found = 'it stands behind the end of the tar, where few readers look'
      throw new ArchiveRefusal('trailing', name, found)
    }
    await use(entry)
    entry.resume()
  }
}

/** Holds what is inflated to its bounds, also where no entry comes. */
async function* watch(
  inflated: AsyncIterable<Buffer>,
  progress: Progress,
  { ratioMax }: ArchiveLimits,
): AsyncGenerator<Buffer> {
  const { zeros, packed } = progress
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
    const explained = progress.contents + progress.entries * OVERHEAD_BYTES + PADDING_BYTES_MAX
    if (bytes > explained) {
      const found = {
        en: `The archive inflates to over ${explained} bytes; its entries have fewer`,
        zh: `压缩包解压后超过 ${explained} 字节；其条目没有这么多`,
      }
      throw new ArchiveRefusal('too-large', undefined, found)
    }
    zeros.note(chunk)
    yield chunk
  }
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

/** What zlib and the tar reader say, as reasons of ours; other errors stay what they are. */
function asRefusal(cause: unknown, { entries }: Progress): unknown {
  if (cause instanceof ArchiveRefusal || !(cause instanceof Error)) return cause
  const refusal = (reason: 'cut' | 'data-damaged' | 'not-a-zip', found: Found) =>
    new ArchiveRefusal(reason, undefined, found, { cause })
  const code = 'code' in cause ? String(cause.code) : ''
  if (code === 'Z_BUF_ERROR') return refusal('cut', 'The gzip file ends in the middle')
  if (code.startsWith('Z_') && code !== 'Z_MEM_ERROR') {
    return refusal('data-damaged', 'The gzip file can not be inflated')
  }
  const isCut = /^Unexpected end of data/.test(cause.message)
  if (!isCut && !/^(Invalid (tar )?header|Header exceeds)/.test(cause.message)) return cause
  if (entries === 0) return refusal('not-a-zip', NO_TAR)
  if (isCut) return refusal('cut', 'The tar ends in the middle of an entry')
  return refusal('data-damaged', {
    en: `After ${entries} entries a header of the tar can not be read`,
    zh: `tar 在 ${entries} 个条目之后的头部无法读取`,
  })
}
