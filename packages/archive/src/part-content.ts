import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { PacklineError } from '@packline/shared'
import type { PackagePart } from './package-parts.ts'
import { quote } from './refusal.ts'

/** Blocks of this size reach the compressor, whatever the content came from. */
const BLOCK_BYTES = 256 * 1024

/** A part's content in one piece; BUG when it has another size than was said. */
export async function readPart(part: PackagePart): Promise<Buffer> {
  if (Buffer.isBuffer(part.content)) {
    if (part.content.length !== part.size) throw otherSize(part, part.content.length)
    return part.content
  }
  const blocks: Buffer[] = []
  for await (const block of partBlocks(part)) blocks.push(block)
  return joined(blocks)
}

/**
 * A part's content in blocks of fixed size: deflate may cut its output by how it gets its input,
 * and the bytes of a package must not depend on where the content came from.
 */
export async function* partBlocks(part: PackagePart): AsyncGenerator<Buffer> {
  let size = 0
  let held: Buffer[] = []
  let heldBytes = 0
  for await (const chunk of chunksOf(part)) {
    size += chunk.length
    if (size > part.size) throw otherSize(part, size)
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes < BLOCK_BYTES) continue
    const all = joined(held)
    const whole = all.length - (all.length % BLOCK_BYTES)
    for (let at = 0; at < whole; at += BLOCK_BYTES) yield all.subarray(at, at + BLOCK_BYTES)
    held = whole === all.length ? [] : [all.subarray(whole)]
    heldBytes = all.length - whole
  }
  if (size !== part.size) throw otherSize(part, size)
  if (heldBytes > 0) yield joined(held)
}

function joined(blocks: readonly Buffer[]): Buffer {
  return blocks.length === 1 && blocks[0] ? blocks[0] : Buffer.concat(blocks)
}

async function* chunksOf(part: PackagePart): AsyncGenerator<Buffer> {
  const { content } = part
  if (Buffer.isBuffer(content)) yield content
  else if ('path' in content) yield* fileChunks(part, content.path)
  else yield* (await content.open()) as AsyncIterable<Buffer>
}

/** Never through a link, never from a pipe or device, never more than the part should have. */
async function* fileChunks(part: PackagePart, path: string): AsyncGenerator<Buffer> {
  const file = await openFile(part, path)
  try {
    for (let left = part.size; left > 0; ) {
      // Not from Buffer's shared pool: a name that yazl keeps would keep its neighbours there too.
      const { bytesRead, buffer } = await file.read(
        Buffer.allocUnsafeSlow(Math.min(left, BLOCK_BYTES)),
      )
      if (bytesRead === 0) return
      left -= bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

async function openFile(part: PackagePart, path: string): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(path, flags)
  const stat = await file.stat()
  if (stat.isFile() && stat.size === part.size) return file
  await file.close()
  if (stat.isFile()) throw otherSize(part, stat.size)
  throw new PacklineError(
    'BUG',
    `${quote(part.path)} is no file any more; it changed while packing`,
  )
}

function otherSize(part: PackagePart, found: number): PacklineError {
  const says = `${quote(part.path)} has ${found} bytes, ${part.size} were announced`
  return new PacklineError('BUG', `${says}; it changed while packing`)
}
