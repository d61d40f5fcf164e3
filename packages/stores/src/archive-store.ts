import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Store } from './store.ts'

/** What keeps records of finished builds, whole small objects by key, and sweeps the others. */
export function archiveStore(store: Store) {
  return {
    put: (key: string, content: Uint8Array, signal: AbortSignal): Promise<void> => {
      const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return store.put(key, { bytes }, { sha256, contentType: 'application/gzip', signal })
    },
    list: (prefix: string) => store.list(prefix),
    remove: (key: string): Promise<void> => store.remove(key),
    get: async (key: string, signal: AbortSignal): Promise<Uint8Array | undefined> => {
      const object = await store.get(key, { signal })
      return object && (await buffer(object.stream))
    },
  }
}
