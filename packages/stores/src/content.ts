import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Words } from '@packline/shared'
import { failed, type PacklineError } from '@packline/shared'
import type { StoredContent } from './store.ts'

/** A file up to this size is read at once: a stream costs more than the copy. */
const wholeFileBytesMax = 256 * 1024
/** Few turns of the event loop for a large file, little memory for many of them at once. */
const chunkBytes = 256 * 1024

/** The content's size in bytes as its owner announced it. */
export function sizeOf(content: StoredContent): number {
  return 'bytes' in content ? content.bytes.length : content.size
}

/** Bytes as they are, a small file read at once, a large one as a stream that closes it. */
export async function contentBody(content: StoredContent): Promise<Buffer | Readable> {
  if ('bytes' in content) return content.bytes
  const handle = await openContent(content)
  const { size } = content
  if (size <= wholeFileBytesMax) {
    const read = handle.read(Buffer.allocUnsafe(size), 0, size, 0)
    const { buffer, bytesRead } = await read.finally(() => handle.close())
    return buffer.subarray(0, bytesRead)
  }
  const stream = handle.createReadStream({ start: 0, end: size - 1, highWaterMark: chunkBytes })
  // Who sends it hears of a failed read; this only keeps it from ending the process before that.
  stream.on('error', () => undefined)
  return stream
}

/** Opens the file of a content and makes sure that it still has the announced size. */
export async function openContent(content: { path: string; size: number }): Promise<FileHandle> {
  const handle = await open(content.path, 'r').catch((error: unknown) => {
    const { path } = content
    throw mismatch({ en: `${path} can not be read`, zh: `无法读取 ${path}` }, error)
  })
  try {
    const { size } = await handle.stat()
    if (size !== content.size) throw wrongSize(content.size, size)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** The content has another size than was announced. */
export function wrongSize(announced: number, found: number): PacklineError {
  return mismatch({
    en: `Announced were ${announced} bytes, found were ${found}`,
    zh: `声明的是 ${announced} 字节，实际是 ${found} 字节`,
  })
}

/** The content has another digest than was announced. */
export function wrongDigest(announced: string, found?: string): PacklineError {
  return mismatch({
    en: `The sha256 is ${found ?? 'another one'}; announced was ${announced}`,
    zh: `sha256 是 ${found ?? '另一个值'}；声明的是 ${announced}`,
  })
}

function mismatch(found: Words, cause?: unknown): PacklineError {
  const detail = { en: `${found.en}; nothing was stored`, zh: `${found.zh}；没有保存任何内容` }
  const hint = {
    en: 'The content changed on its way to the store. Build it again.',
    zh: '内容在送往存储的途中改变了。请重新构建。',
  }
  return failed('CONTENT_MISMATCH', { detail, hint }, { cause })
}
