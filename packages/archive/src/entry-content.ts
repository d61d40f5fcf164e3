import { pipeline, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { crc32, createInflateRaw, type InflateRaw, inflateRaw, inflateRawSync } from 'node:zlib'
import type { ByteSource } from './byte-source.ts'
import { type CentralRecord, METHODS } from './directory.ts'
import { type FalseEndWatch, watchForFalseEnd } from './false-end.ts'
import type { ContentPlace } from './layout.ts'
import { ArchiveRefusal } from './refusal.ts'

/** One entry's bytes: what the directory says of them and where they lie. */
export interface StoredContent extends ContentPlace {
  path: string
  record: CentralRecord
}

/** Up to here inflating at once is faster than a trip through the thread pool. */
const SYNC_BYTES_MAX = 64 * 1024
/** Up to here an entry is read in one piece; what a stream would hold in its buffers anyway. */
export const WHOLE_BYTES_MAX = 1024 * 1024

const inflateInPool = promisify<Buffer, object, Inflated>(inflateRaw as never)

/** What zlib answers with `info: true`. */
interface Inflated {
  buffer: Buffer
  engine: InflateRaw
}

/** The whole content, checked; ARCHIVE_DAMAGED when size, checksum or compression are wrong. */
export async function readContent(source: ByteSource, content: StoredContent): Promise<Buffer> {
  const { record, start } = content
  const packed = await source.read(start, record.compressedSize)
  const bytes =
    record.method === METHODS.stored ? Buffer.from(packed) : await inflate(content, packed)
  if (bytes.length !== record.size) throw wrongSize(content, bytes.length)
  if (crc32(bytes) !== record.crc) throw wrongCrc(content)
  const watch = watchOf(content)
  await watch?.see(bytes)
  await watch?.end()
  return bytes
}

/** Deflated data end by themselves, and without a descriptor the length is known before. */
function watchOf({ path, record, hasDescriptor }: StoredContent): FalseEndWatch | undefined {
  if (!hasDescriptor || record.method !== METHODS.stored) return undefined
  return watchForFalseEnd(path, record)
}

async function inflate(content: StoredContent, packed: Buffer): Promise<Buffer> {
  const { size } = content.record
  const options = {
    info: true,
    maxOutputLength: Math.max(size, 1),
    // One byte more than needed, so that zlib need not ask for a second chunk to see the end.
    chunkSize: Math.max(64, Math.min(size + 1, SYNC_BYTES_MAX)),
  }
  try {
    const { buffer, engine } =
      size <= SYNC_BYTES_MAX
        ? (inflateRawSync(packed, options) as unknown as Inflated)
        : await inflateInPool(packed, options)
    checkUsed(content, engine.bytesWritten)
    return buffer
  } catch (error) {
    throw asDamage(content, error)
  }
}

/** Bytes after the compressed data's own end: a streaming reader would look for an entry there. */
function checkUsed(content: StoredContent, used: number): void {
  const { compressedSize } = content.record
  if (used === compressedSize) return
  throw new ArchiveRefusal('size-lies', content.path, {
    en: `its compressed data end after ${used} bytes; the directory says ${compressedSize}`,
    zh: `它的压缩数据在 ${used} 字节后结束；目录说是 ${compressedSize} 字节`,
  })
}

/** The content as a stream that ends with an error instead of its last byte when a check fails. */
export function streamContent(source: ByteSource, content: StoredContent): Readable {
  return Readable.from(checkedChunks(source, content), { objectMode: false })
}

async function* checkedChunks(source: ByteSource, content: StoredContent): AsyncGenerator<Buffer> {
  const { record, start } = content
  const packed = source.stream(start, start + record.compressedSize)
  const inflater = record.method === METHODS.stored ? undefined : createInflateRaw()
  // The pipeline's own callback has nothing to do: its error comes out of the loop below as well.
  const unpacked = inflater ? pipeline(packed, inflater, () => {}) : packed
  const watch = watchOf(content)
  let size = 0
  let crc = 0
  let held: Buffer | undefined
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > record.size) throw wrongSize(content, size)
      crc = crc32(chunk, crc)
      await watch?.see(chunk)
      // One chunk stays behind until all is checked: no consumer takes bad content for complete.
      if (held) yield held
      held = chunk
    }
  } catch (error) {
    throw asDamage(content, error)
  } finally {
    packed.destroy()
  }
  if (inflater) checkUsed(content, inflater.bytesWritten)
  if (size !== record.size) throw wrongSize(content, size)
  if (crc !== record.crc) throw wrongCrc(content)
  await watch?.end()
  if (held) yield held
}

function wrongSize(content: StoredContent, found: number): ArchiveRefusal {
  const { size } = content.record
  const more = found > size ? { en: ' or more', zh: '或更多' } : { en: '', zh: '' }
  return new ArchiveRefusal('size-lies', content.path, {
    en: `it has ${found} bytes${more.en}; the directory says ${size}`,
    zh: `它有 ${found} 字节${more.zh}；目录说是 ${size} 字节`,
  })
}

function wrongCrc(content: StoredContent): ArchiveRefusal {
  return new ArchiveRefusal('crc', content.path, 'its checksum is wrong', {
    hint: 'Send the archive again, or make it again; it was changed on its way.',
  })
}

/** zlib's errors as ours; others, such as a failing disk, stay what they are. */
function asDamage(content: StoredContent, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ERR_BUFFER_TOO_LARGE') return wrongSize(content, content.record.size + 1)
  if (!code.startsWith('Z_') || code === 'Z_MEM_ERROR') return error
  const found = 'its compressed data can not be read'
  return new ArchiveRefusal('data-damaged', content.path, found, { cause: error })
}
