import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredObject } from './store.ts'

/**
 * The files below a folder whose keys start with the prefix. Streams: at any time it holds one open
 * folder per level, however many files there are. What is removed meanwhile is left out.
 */
export async function* listFolder(
  root: string,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncIterable<StoredObject> {
  const parentKey = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  yield* walk(root, parentKey, prefix, signal)
}

/** `parentKey` is empty or ends in a slash. */
async function* walk(
  root: string,
  parentKey: string,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncIterable<StoredObject> {
  const folder = await opendir(join(root, parentKey)).catch(orMissing)
  if (!folder) return
  for await (const entry of folder) {
    signal?.throwIfAborted()
    const key = parentKey + entry.name
    if (entry.name.startsWith('.') || !key.startsWith(prefix)) continue
    if (entry.isDirectory()) {
      yield* walk(root, `${key}/`, prefix, signal)
    } else if (entry.isFile()) {
      const found = await stat(join(root, key)).catch(orMissing)
      if (found) yield { key, size: found.size, modifiedAt: found.mtime }
    }
  }
}

function orMissing(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
  return undefined
}
