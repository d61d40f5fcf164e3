import { execFileSync } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { storeFromUrl } from '@packline/stores'
import { Redis } from 'ioredis'
import type { TestLine } from './line.ts'

/** A place, such as a key of Redis, and all that is kept there. */
export type Kept = [place: string, content: string]

/** All that a line has left: in Redis, in its store (unpacked), in logs, scratch and its cache. */
export async function everythingKept(line: TestLine, cache: string): Promise<Kept[]> {
  const all = await Promise.all([
    keptInRedis(line.redisUrl),
    keptInStore(line),
    keptInFolder('file', line.folder),
    keptInFolder('cache', cache),
  ])
  return all.flat()
}

export function placesOf(kept: readonly Kept[], ...texts: readonly string[]): string[] {
  return kept
    .filter(([, content]) => texts.some((text) => content.includes(text)))
    .map(([place]) => place)
}

/** Every key, whoever wrote it: what stands below another prefix would be as wrong. */
export async function keptInRedis(url: string): Promise<Kept[]> {
  const redis = new Redis(url)
  try {
    const kept: Kept[] = []
    for await (const keys of redis.scanStream({ count: 1000 })) {
      for (const key of keys as string[]) {
        // Another test's key may go, or become another, between these two.
        const value = await read(redis, key, await redis.type(key)).catch(() => '')
        kept.push([`redis ${key}`, `${key} ${JSON.stringify(value)}`])
      }
    }
    return kept
  } finally {
    redis.disconnect()
  }
}

async function read(redis: Redis, key: string, type: string): Promise<unknown> {
  if (type === 'string') return redis.get(key)
  if (type === 'hash') return redis.hgetall(key)
  if (type === 'list') return redis.lrange(key, 0, -1)
  if (type === 'set') return redis.smembers(key)
  if (type === 'zset') return redis.zrange(key, 0, '-1')
  if (type === 'stream') return redis.xrange(key, '-', '+')
  return ''
}

async function keptInStore({ storeUrl, folder }: TestLine): Promise<Kept[]> {
  const store = storeFromUrl(storeUrl)
  try {
    const kept: Kept[] = []
    for await (const { key } of store.list('')) {
      const found = await store.get(key)
      if (!found) continue
      kept.push([`store ${key}`, await unpacked(key, await buffer(found.stream), folder)])
    }
    return kept
  } finally {
    await store.close()
  }
}

async function unpacked(key: string, bytes: Buffer, folder: string): Promise<string> {
  if (key.endsWith('.gz')) return gunzipSync(bytes).toString('latin1')
  if (!key.endsWith('.zip')) return bytes.toString('latin1')
  const file = join(folder, 'unpacked.zip')
  await writeFile(file, bytes)
  return execFileSync('unzip', ['-p', file]).toString('latin1')
}

async function keptInFolder(kind: string, folder: string): Promise<Kept[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = all.filter((entry) => entry.isFile())
  return Promise.all(
    files.map(async ({ parentPath, name }): Promise<Kept> => {
      const path = join(parentPath, name)
      return [`${kind} ${path}`, await readFile(path, 'latin1').catch(() => '')]
    }),
  )
}
