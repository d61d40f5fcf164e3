import { createHash, hash as hashOnce } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { failed, isDiskFull, PacklineError } from '@packline/shared'
import type { ArchiveContent } from './content.ts'

/** Where a package is written: a new file at `path`, or memory, up to `bytesMax`. */
export type Destination = { path: string } | { memory: true; bytesMax?: number }

interface Output {
  content: ArchiveContent
  size: number
  sha256: string
}

/** Small writes are gathered up to this before the file is asked to take them. */
const WRITE_BYTES = 256 * 1024

/** Takes all of a stream, hashing as it goes; a file that could not be finished is removed. */
export async function collectOutput(
  stream: AsyncIterable<Buffer>,
  destination: Destination,
): Promise<Output> {
  return 'path' in destination
    ? toFile(stream, destination.path)
    : toMemory(stream, destination.bytesMax ?? Infinity)
}

async function toMemory(stream: AsyncIterable<Buffer>, bytesMax: number): Promise<Output> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > bytesMax) {
      const found = `A package for memory has over ${bytesMax} bytes; it must be written to a file`
      throw new PacklineError('BUG', found)
    }
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks, size)
  return { content: { bytes }, size, sha256: hashOnce('sha256', bytes, 'hex') }
}

async function toFile(stream: AsyncIterable<Buffer>, path: string): Promise<Output> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY
  const file = await open(path, flags, 0o644)
  try {
    const { size, sha256 } = await writeAll(stream, file)
    return { content: { path }, size, sha256 }
  } catch (error) {
    await rm(path, { force: true })
    throw asDiskFull(error)
  } finally {
    await file.close()
  }
}

async function writeAll(stream: AsyncIterable<Buffer>, file: FileHandle) {
  const hash = createHash('sha256')
  let size = 0
  let held: Buffer[] = []
  let heldBytes = 0
  const flush = async () => {
    await file.writeFile(Buffer.concat(held))
    held = []
    heldBytes = 0
  }
  for await (const chunk of stream) {
    hash.update(chunk)
    size += chunk.length
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes >= WRITE_BYTES) await flush()
  }
  if (heldBytes > 0) await flush()
  return { size, sha256: hash.digest('hex') }
}

function asDiskFull(error: unknown): unknown {
  if (!isDiskFull(error)) return error
  const detail = { en: 'The disk has no room for the package', zh: '磁盘没有空间存放程序包' }
  return failed('DISK_FULL', { detail }, { cause: error })
}
