import { timingSafeEqual } from 'node:crypto'
import type { KeyView } from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { whenKnown } from '../lasting/change.ts'
import type { ApiKeys, KnownKey } from './api-keys.ts'
import { digestOfKey, idOfKey } from './key-text.ts'

/**
 * A key that was revoked is told of at once; where that is not heard, since the connection for it
 * is away, it is known for no longer than this.
 */
const KNOWN_MS = 1000
const KNOWN_MAX = 10_000
const USED_MS = 60_000

interface Kept extends KnownKey {
  digest: Buffer
  usedAt: number
}

interface Remembered {
  until: number
  kept: Promise<Kept | undefined>
}

/** The memory of one process. */
export function makeKeyFinder(context: Context): ApiKeys['find'] {
  const memory = new Map<string, Remembered>()
  let isListening = false
  const listen = () => {
    isListening = true
    context.subscriber.listen(context.keys.revokedKeys, '*', (id) => {
      if (id === undefined) memory.clear()
      else memory.delete(id)
    })
  }
  const remembered = (id: string): Promise<Kept | undefined> => {
    const before = memory.get(id)
    if (before && before.until > Date.now()) return before.kept
    const kept = readKey(context, id)
    if (memory.size >= KNOWN_MAX) memory.clear()
    memory.set(id, { until: Date.now() + KNOWN_MS, kept })
    kept.catch(() => memory.delete(id))
    return kept
  }
  return async (text) => {
    const id = idOfKey(text)
    if (id === undefined) return undefined
    if (!isListening) listen()
    const kept = await remembered(id)
    if (!kept || !timingSafeEqual(kept.digest, digestOfKey(text))) return undefined
    noteUse(context, kept)
    const { tenant, name, scope, expiresAt } = kept
    return { id, tenant, name, scope, ...(expiresAt === undefined ? {} : { expiresAt }) }
  }
}

async function readKey(context: Context, id: string): Promise<Kept | undefined> {
  const { redis, keys } = context
  const read = () => answer(redis.hgetall(keys.apiKey(id)))
  let fields = await read()
  if (fields.tenant === undefined) {
    // A Redis that was emptied knows none before it was filled.
    await whenKnown(context)
    fields = await read()
  }
  const { tenant, view, digest, usedAt } = fields
  if (tenant === undefined || view === undefined || digest === undefined) return undefined
  const { name, scope, expiresAt } = JSON.parse(view) as KeyView
  const known: KnownKey = { id, tenant, name, scope, expiresAt }
  return { ...known, digest: Buffer.from(digest, 'base64'), usedAt: Date.parse(usedAt ?? '') || 0 }
}

/** Nobody waits for it, and where Redis is away the next use says it. */
function noteUse({ run }: Context, kept: Kept): void {
  const now = Date.now()
  if (now - kept.usedAt < USED_MS) return
  kept.usedAt = now
  run('api-keys/used', kept.id, new Date(now).toISOString()).catch(() => {
    kept.usedAt = 0
  })
}
