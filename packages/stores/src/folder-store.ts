import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, mkdir, open, rm, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { checkRange, outsideObject } from './byte-range.ts'
import { listFolder } from './folder-list.ts'
import { moveIntoPlace, removeOldFiles, writeVerified } from './folder-write.ts'
import { guardedStream } from './guarded-stream.ts'
import { checkKey, checkPrefix } from './object-key.ts'
import type { GetOptions, PutOptions, Store, StoredContent } from './store.ts'
import { NoAnswerError, storeFailure } from './store-failure.ts'

/** A store's folder and what its functions say and do alike. */
interface Folder {
  root: string
  /** Where files are written before they get their name: on the same file system, never listed. */
  incoming: string
  /** The store in the words of an error. */
  name: string
}

const pingMs = 1_500
const readChunkBytes = 256 * 1024

/**
 * Objects as files below one folder of one machine: for packing without a server, and the default
 * of a first start. On a file system that ignores case (macOS), keys that differ only in case are
 * one object.
 */
export function folderStore(options: { folder: string }): Store {
  const root = resolve(options.folder)
  const folder = { root, incoming: join(root, '.incoming'), name: `The store folder ${root}` }
  const attempt = <T>(action: () => Promise<T>, signal?: AbortSignal): Promise<T> =>
    action().catch((error: unknown) => {
      throw storeFailure(folder.name, error, signal)
    })

  return {
    kind: 'folder',
    address: (key) => pathToFileURL(join(root, key)).href,
    prepare: () =>
      attempt(async () => {
        await mkdir(folder.incoming, { recursive: true })
        await removeOldFiles(folder.incoming)
      }),
    async put(key, content, putOptions) {
      checkKey(key)
      putOptions.signal?.throwIfAborted()
      await attempt(() => put(folder, key, content, putOptions), putOptions.signal)
    },
    async get(key, getOptions = {}) {
      checkKey(key)
      checkRange(getOptions.range)
      getOptions.signal?.throwIfAborted()
      return attempt(() => get(folder, key, getOptions), getOptions.signal)
    },
    async head(key, { signal } = {}) {
      checkKey(key)
      signal?.throwIfAborted()
      return attempt(() => head(folder, key))
    },
    async *list(prefix, { signal } = {}) {
      checkPrefix(prefix)
      try {
        await checkPresent(folder)
        yield* listFolder(root, prefix, signal)
      } catch (error) {
        throw storeFailure(folder.name, error, signal)
      }
    },
    async remove(key) {
      checkKey(key)
      await attempt(() => remove(folder, key))
    },
    ping: () => attempt(() => ping(folder)),
    close: async () => undefined,
  }
}

/** Durable when it returns: the bytes, the name, and the folders that were made for it. */
async function put(folder: Folder, key: string, content: StoredContent, options: PutOptions) {
  const temporary = join(folder.incoming, randomUUID())
  try {
    await writeVerified(temporary, content, options)
    await moveIntoPlace(temporary, join(folder.root, key))
  } finally {
    // After the move there is nothing left to remove.
    await rm(temporary, { force: true })
  }
}

async function get(folder: Folder, key: string, { range, signal }: GetOptions) {
  const handle = await open(join(folder.root, key)).catch((error: unknown) =>
    noObject(folder, error),
  )
  if (!handle) return undefined
  try {
    const found = await handle.stat()
    if (found.isFile()) {
      const start = range?.start ?? 0
      if (range && start >= found.size) throw outsideObject(key, range)
      const size = Math.min(range ? range.end + 1 : found.size, found.size) - start
      // An empty file has no last byte that `end` could name.
      const part = size > 0 ? { start, end: start + size - 1 } : {}
      const source = handle.createReadStream({ ...part, signal, highWaterMark: readChunkBytes })
      const translate = (error: unknown) => storeFailure(folder.name, error, signal)
      return { size, stream: guardedStream(source, translate) }
    }
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return undefined
}

async function head(folder: Folder, key: string) {
  const found = await stat(join(folder.root, key)).catch((error) => noObject(folder, error))
  if (!found?.isFile()) return undefined
  return { key, size: found.size, modifiedAt: found.mtime }
}

/** Folders that become empty go too, so that none are left of tenants and days long past. */
async function remove(folder: Folder, key: string): Promise<void> {
  const path = join(folder.root, key)
  const found = await stat(path).catch((error: unknown) => noObject(folder, error))
  if (!found?.isFile()) return
  await unlink(path).catch((error: unknown) => noObject(folder, error))
  for (let parent = dirname(path); parent !== folder.root; parent = dirname(parent)) {
    const isRemoved = await rmdir(parent).then(
      () => true,
      // Not empty, or another process removed it: either way nothing more is to be done.
      () => false,
    )
    if (!isRemoved) return
  }
}

/** A file system on the network may hang; the wait for it ends, the call itself can not. */
async function ping({ incoming }: Folder): Promise<void> {
  const timer = new AbortController()
  const late = sleep(pingMs, undefined, { signal: timer.signal }).then(() => {
    throw new NoAnswerError(`no answer within ${pingMs} ms`)
  })
  try {
    await Promise.race([access(incoming, constants.R_OK | constants.W_OK), late])
  } finally {
    timer.abort()
    late.catch(() => undefined)
  }
}

/** Nothing has this key; or the whole folder is away, which must not look like an empty store. */
async function noObject(folder: Folder, error: unknown): Promise<undefined> {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (!['ENOENT', 'ENOTDIR'].includes(code)) throw error
  await checkPresent(folder)
  return undefined
}

async function checkPresent({ incoming }: Folder): Promise<void> {
  await access(incoming, constants.R_OK)
}
