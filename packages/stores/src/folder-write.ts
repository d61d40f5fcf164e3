import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openContent, sizeOf, wrongDigest, wrongSize } from './content.ts'
import type { PutOptions, StoredContent } from './store.ts'

const chunkBytes = 256 * 1024
const moveTriesMax = 10
/** No write takes this long: what is older was left by a process that died. */
const leftoverAgeMs = 24 * 60 * 60 * 1000

/** Writes a new file and flushes it to the disk; throws CONTENT_MISMATCH for other content. */
export async function writeVerified(
  path: string,
  content: StoredContent,
  { sha256, signal }: PutOptions,
): Promise<void> {
  const source = 'bytes' in content ? undefined : await openContent(content)
  try {
    const target = await open(path, 'wx', 0o644)
    try {
      const chunks = 'bytes' in content ? [content.bytes] : readChunks(source, content.size)
      await copyVerified(chunks, target, sizeOf(content), sha256, signal)
      await target.sync()
    } finally {
      await target.close()
    }
  } finally {
    await source?.close()
  }
}

async function copyVerified(
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  target: FileHandle,
  announcedSize: number,
  sha256: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const digest = createHash('sha256')
  let size = 0
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    digest.update(chunk)
    await target.writeFile(chunk)
    size += chunk.length
  }
  if (size !== announcedSize) throw wrongSize(announcedSize, size)
  const found = digest.digest('hex')
  if (found !== sha256) throw wrongDigest(sha256, found)
}

/** At most one byte more than announced is read: enough to see that a file has grown. */
async function* readChunks(source: FileHandle | undefined, sizeMax: number) {
  const buffer = Buffer.allocUnsafe(chunkBytes)
  for (let position = 0; source && position <= sizeMax; ) {
    const length = Math.min(chunkBytes, sizeMax + 1 - position)
    const { bytesRead } = await source.read(buffer, 0, length, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** Gives a written file its name, at once and durably: a reader sees the old object or the new. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  const parent = dirname(to)
  for (let tries = 1; ; tries++) {
    try {
      const firstMade = await mkdir(parent, { recursive: true })
      await rename(from, to)
      await syncFolders(parent, firstMade ? dirname(firstMade) : parent)
      return
    } catch (error) {
      // A removal of the folder's last object took the folder away between our two calls.
      const isRace = (error as NodeJS.ErrnoException).code === 'ENOENT' && (await exists(from))
      if (!isRace || tries === moveTriesMax) throw error
    }
  }
}

/** Flushes the folders from `folder` up to `top`: only then do their new names outlast a crash. */
async function syncFolders(folder: string, top: string): Promise<void> {
  for (let current = folder; ; current = dirname(current)) {
    const handle = await open(current, 'r').catch((error: NodeJS.ErrnoException) => {
      // Removed again at once, with the object: nothing is left that has to last.
      if (error.code !== 'ENOENT') throw error
    })
    await handle?.sync().finally(() => handle.close())
    if (current === top) return
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Removes what processes that died while writing left behind. */
export async function removeOldFiles(folder: string): Promise<void> {
  const before = Date.now() - leftoverAgeMs
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() && found.mtimeMs < before) {
      // Another process that starts now may be faster.
      await unlink(path).catch(() => undefined)
    }
  }
}
