import { SCHEMA_VERSION } from '@packline/shared'
import { answer } from '../answer.ts'
import { writeObject } from '../archive-object.ts'
import type { Context } from '../context.ts'
import { dueMembers, putOff } from '../due-members.ts'
import type { ArchiveStore, KeepResult } from '../records.ts'
import { withLock } from '../with-lock.ts'
import { folderOf, keyOf, partsOf, versionOfKey } from './lasting.ts'
import { READ_THINGS } from './read-things.ts'

/** Things of one call, and of those written side by side. */
const THINGS_MAX = 200
const WRITTEN_AT_ONCE = 10

/** A killed writer is missed after this: changes are to be written within 5 s. */
const LOCK_MS = 3000

/**
 * Writes what has changed of all that lasts, and only then takes it off the list: a crash between
 * writes it again. A Redis that was emptied is filled from the store before anything is written.
 */
export async function writeThings(context: Context): Promise<KeepResult> {
  const { store, redis, keys } = context
  const result: KeepResult = { written: 0, left: false, failed: [] }
  if (!store) return result
  const done = await withLock(context, keys.lastingLock, LOCK_MS, async () => {
    const isKnown = (await answer(redis.exists(keys.lastingKnown))) === 1
    if (!isKnown) result.restored = await context.restore()
    const things = await dueMembers(context, keys.lastingDue, THINGS_MAX)
    for (let from = 0; from < things.length; from += WRITTEN_AT_ONCE) {
      const some = things.slice(from, from + WRITTEN_AT_ONCE)
      await Promise.all(
        some.map((thing) =>
          writeThing(context, store, thing, result).catch(async (error: unknown) => {
            await putOff(context, keys.lastingDue, thing, error)
            result.failed.push({ thing, error })
          }),
        ),
      )
    }
    return { ...result, left: things.length === THINGS_MAX }
  })
  return done ?? result
}

/**
 * Writes what has changed of one thing before whoever changed it is answered. Where the store does
 * not take it, it stays on the list; nobody else's writing of it does harm meanwhile.
 */
export async function writeAtOnce(context: Context, thing: string): Promise<void> {
  const { store } = context
  if (!store) return
  const result: KeepResult = { written: 0, left: false, failed: [] }
  await writeThing(context, store, thing, result).catch(() => undefined)
}

/** Each version is an object of its own; the older ones go when it is there. */
async function writeThing(
  context: Context,
  store: ArchiveStore,
  thing: string,
  result: KeepResult,
): Promise<void> {
  const [kind, tenant, name] = partsOf(thing)
  const version = await versionOf(context, thing)
  const content = await READ_THINGS[kind](context, tenant, name)
  // Changed meanwhile, or Redis was emptied: what was read is not of one moment.
  if (version === undefined || (await versionOf(context, thing)) !== version) return
  const others: { key: string; version: number }[] = []
  for await (const { key } of store.list(folderOf(thing))) {
    const found = versionOfKey(key)
    if (found) others.push({ key, version: found.version })
  }
  const highest = Math.max(...others.map((other) => other.version))
  if (highest > version) {
    await context.run('lasting/outrun', thing, highest)
    return
  }
  const text = JSON.stringify({ schema: SCHEMA_VERSION, kind, tenant, name, ...content })
  await writeObject(store, keyOf(thing, version), text)
  for (const other of others) if (other.version < version) await store.remove(other.key)
  await context.run('lasting/written', thing, version)
  result.written += 1
}

/** Undefined in a Redis that has not been filled from the store. */
async function versionOf({ redis, keys }: Context, thing: string): Promise<number | undefined> {
  const [known, version] = await answer(
    Promise.all([redis.exists(keys.lastingKnown), redis.hget(keys.lastingVersions, thing)]),
  )
  return known === 1 && version !== null ? Number(version) : undefined
}
