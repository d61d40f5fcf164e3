import { failed, SCHEMA_VERSION } from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import type { ArchiveStore } from '../records.ts'
import { unavailable } from '../texts/unavailable.ts'
import { keyOf, LASTING_PREFIX, partsOf, versionOfKey } from './lasting.ts'

const RESTORED_AT_ONCE = 50

/**
 * Brings back all things whose version in the store is above that of Redis, which are none unless
 * Redis was emptied or is older than the store. Answers how many. Throws STORE_UNAVAILABLE.
 */
export async function restoreThings(context: Context, store: ArchiveStore): Promise<number> {
  const { redis, keys } = context
  const newest = new Map<string, number>()
  for await (const { key } of store.list(LASTING_PREFIX)) {
    const { thing, version } = versionOfKey(key) ?? { thing: '', version: 0 }
    if (version > (newest.get(thing) ?? 0)) newest.set(thing, version)
  }
  const things = [...newest]
  let restored = 0
  for (let from = 0; from < things.length; from += RESTORED_AT_ONCE) {
    const some = things.slice(from, from + RESTORED_AT_ONCE)
    const names = some.map(([thing]) => thing)
    const known = await answer(redis.hmget(keys.lastingVersions, ...names))
    const ahead = some.filter(([, version], place) => version > Number(known[place]))
    const done = await Promise.all(ahead.map((one) => restore(context, ...one)))
    restored += done.filter(Boolean).length
  }
  return restored
}

async function restore(context: Context, thing: string, version: number): Promise<boolean> {
  const [kind, tenant, name] = partsOf(thing)
  const key = keyOf(thing, version)
  const text = await context.readObject(key)
  const { schema } = JSON.parse(text) as { schema: number }
  if (schema > SCHEMA_VERSION) {
    throw failed('STORE_UNAVAILABLE', unavailable.newerThing(key, schema, SCHEMA_VERSION))
  }
  return (await context.run(`lasting/restore-${kind}`, tenant, name, version, text)) === 1
}
