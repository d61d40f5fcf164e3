import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { failed } from '@packline/shared'
import type { ArchiveContent } from './content.ts'
import { ArchiveRefusal } from './refusal.ts'

/** Random access to an archive's bytes; memory answers at once, without a promise. */
export interface ByteSource {
  readonly size: number
  /** Exactly `length` bytes, a view that the next read may share; refuses as `cut` past the end. */
  read(position: number, length: number): Buffer | Promise<Buffer>
  /** Bytes from `start` up to, not including, `end`. */
  stream(start: number, end: number): Readable
  close(): Promise<void>
}

/** Headers of small neighbours come with one read of this size instead of one each. */
const WINDOW_BYTES = 256 * 1024

/** Never follows a link at `path` and never waits on a pipe; SOURCE_NOT_FOUND when it can not. */
export async function openSource(content: ArchiveContent): Promise<ByteSource> {
  if ('bytes' in content) return memorySource(content.bytes)
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let handle: FileHandle | undefined
  try {
    handle = await open(content.path, flags)
    const stat = await handle.stat()
    if (!stat.isFile()) throw new Error('it is not a file')
    return fileSource(handle, stat.size)
  } catch (cause) {
    await handle?.close()
    const detail = { en: 'The archive could not be read from disk', zh: '无法从磁盘读取压缩包' }
    throw failed('SOURCE_NOT_FOUND', { detail }, { cause })
  }
}

function memorySource(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read(position, length) {
      checkRange(position, length, bytes.length)
      return bytes.subarray(position, position + length)
    },
    stream: (start, end) => Readable.from(blocksOf(bytes, start, end), { objectMode: false }),
    close: async () => {},
  }
}

/** In blocks, so that a consumer of a large stored entry is not handed all of it at once. */
function* blocksOf(bytes: Buffer, start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end; at += WINDOW_BYTES) {
    yield bytes.subarray(at, Math.min(at + WINDOW_BYTES, end))
  }
}

function fileSource(handle: FileHandle, size: number): ByteSource {
  let window: { start: number; bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) }
  let closing: Promise<void> | undefined
  const move = async (position: number, length: number) => {
    const bytes = await readExactly(handle, position, Math.min(WINDOW_BYTES, size - position))
    // A new buffer each time: views that others hold of the old window stay as they were.
    window = { start: position, bytes }
    return bytes.subarray(0, length)
  }
  return {
    size,
    read(position, length) {
      checkRange(position, length, size)
      const { start, bytes } = window
      // No promise where there is nothing to wait for: a directory asks twice for every entry.
      if (position >= start && position + length <= start + bytes.length) {
        return bytes.subarray(position - start, position - start + length)
      }
      return length > WINDOW_BYTES ? readExactly(handle, position, length) : move(position, length)
    },
    // Not the handle's own stream: whoever destroys that one closes the file for all others.
    stream: (start, end) => Readable.from(readBlocks(handle, start, end), { objectMode: false }),
    close: () => (closing ??= handle.close()),
  }
}

async function* readBlocks(handle: FileHandle, start: number, end: number) {
  for (let at = start; at < end; at += WINDOW_BYTES) {
    yield await readExactly(handle, at, Math.min(WINDOW_BYTES, end - at))
  }
}

async function readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled)
    if (bytesRead === 0) throw new ArchiveRefusal('cut', undefined, 'The archive became shorter')
    filled += bytesRead
  }
  return bytes
}

function checkRange(position: number, length: number, size: number): void {
  if (position + length <= size) return
  throw new ArchiveRefusal(
    'cut',
    undefined,
    {
      en: `The archive ends at byte ${size}; bytes ${position} to ${position + length} are missing`,
      zh: `压缩包在第 ${size} 字节结束；缺少第 ${position} 到 ${position + length} 字节`,
    },
    { hint: 'Send the archive again; it was cut on its way.' },
  )
}
