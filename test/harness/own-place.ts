import { storeFromUrl } from '@packline/stores'
import { Redis } from 'ioredis'

/** The same store with another bucket, which who uses it first makes. */
export function withBucket(storeUrl: string, bucket: string): string {
  return storeUrl.replace(/\/[^/?]+(?=\?|$)/, `/${bucket}`)
}

/** Removes what a run has written to a Redis under its own prefix. */
export async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => null })
  redis.on('error', () => undefined)
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1000 })) {
      if (keys.length > 0) await redis.unlink(keys)
    }
  } catch {
    // A Redis of the run's own is gone by now, and its keys with it.
  } finally {
    redis.disconnect()
  }
}

/** Removes what a run has written to a bucket of its own. */
export async function removeObjects(url: string): Promise<void> {
  const store = storeFromUrl(url)
  try {
    for await (const { key } of store.list('')) await store.remove(key)
  } catch {
    // A store of the run's own is gone by now, and its objects with it.
  } finally {
    await store.close()
  }
}
