import { PacklineError, STORE_KEYS } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import type { ArchiveStore, ObjectSweep, StoredKey } from './records.ts'
import { restoreBuilds } from './restore-builds.ts'
import { withLock } from './with-lock.ts'

/** What no record names is kept this long: whoever stored it may yet name it. */
const AGE_MS = 24 * 60 * 60_000

/** How often all objects are looked at, by whichever process comes first. */
const EVERY_MS = 6 * 60 * 60_000

const READ_AT_ONCE = 500

/** A killed sweeper is missed after this; builds of the function it was at wait as long. */
const LOCK_MS = 30_000

/**
 * Removes objects that no record and no archived build names and that are older than a day: sources
 * of refused requests, unused uploads, packages of lost attempts (docs/decisions/0050). Undefined
 * while another process does it.
 */
export async function sweepObjects(context: Context): Promise<ObjectSweep | undefined> {
  const { redis, keys, store } = context
  if (!store) return undefined
  return withLock(context, keys.objectsLock, LOCK_MS, async (isHeld) => {
    const result: ObjectSweep = { restored: 0, removed: 0 }
    // Left by a killed sweeper. What it did not remove is found again.
    await answer(redis.del(keys.condemned))
    if ((await answer(redis.exists(keys.objectsSwept))) === 1) return result
    // Who is archived has a record then, also where Redis was emptied or is an older one.
    result.restored = (await restoreBuilds(context, store)).builds
    const sweeper: Sweeper = { context, store, isHeld, result }
    for (const prefix of STORE_KEYS.swept) await sweepBelow(sweeper, prefix)
    const [seconds = 0] = (await answer(redis.time())).map(Number)
    await answer(redis.zremrangebyscore(keys.claims, '-inf', seconds * 1000 - AGE_MS))
    await answer(redis.set(keys.objectsSwept, '1', 'PX', EVERY_MS))
    return result
  })
}

interface Sweeper {
  context: Context
  store: ArchiveStore
  isHeld: () => Promise<boolean>
  result: ObjectSweep
}

/** What is condemned as one: a function's packages, since its builds name them, or one object. */
interface Place {
  /** The folder, with a slash at its end, or the key. */
  name: string
  tenant: string
  /** Of a folder of packages. */
  function?: string
}

function placeOf(key: string): Place {
  const [kind, tenant = '', name = ''] = key.split('/')
  if (kind !== 'packages') return { name: key, tenant }
  return { name: `packages/${tenant}/${name}/`, tenant, function: name }
}

/** The first look costs a build nothing; only where something is unnamed its place is condemned. */
async function sweepBelow(sweeper: Sweeper, prefix: string): Promise<void> {
  const { context, store } = sweeper
  let last: { tenant: string; function?: string; names: Set<string> } | undefined
  let done = ''
  for await (const object of store.list(prefix)) {
    if (!isOld(object)) continue
    const place = placeOf(object.key)
    if (place.name === done) continue
    if (last?.tenant !== place.tenant || last.function !== place.function) {
      last = { ...place, names: await namesOf(context, place) }
    }
    if (last.names.has(object.key)) continue
    await condemnAndRemove(sweeper, place)
    done = place.name
  }
}

function isOld({ modifiedAt }: StoredKey): boolean {
  return modifiedAt.getTime() < Date.now() - AGE_MS
}

async function condemnAndRemove(sweeper: Sweeper, place: Place): Promise<void> {
  const { tenant, function: name = '' } = place
  const condemned = await sweeper.context.run('condemn', place.name, AGE_MS, tenant, name)
  // Somebody builds that very function, or has just asked for the object: another time.
  if (condemned === 1) await removeUnnamed(sweeper, place)
}

/** Nobody names what is in a condemned place meanwhile. */
async function removeUnnamed(sweeper: Sweeper, place: Place): Promise<void> {
  const { context, store, isHeld, result } = sweeper
  const names = await namesOf(context, place)
  for await (const object of store.list(place.name)) {
    if (!isOld(object) || names.has(object.key)) continue
    if (!(await isHeld())) throw lost()
    await store.remove(object.key)
    result.removed += 1
  }
  await answer(context.redis.srem(context.keys.condemned, place.name))
}

/** Redis was emptied, or we were frozen, since the names were read: they can not be trusted. */
function lost(): PacklineError {
  return new PacklineError('RECORDS_UNAVAILABLE', 'The lock of the sweep of objects was lost', {
    hint: 'Nothing has to be done: another turn begins anew.',
  })
}

/** The keys that records of the function, or of the tenant's builds with sources, name. */
async function namesOf(context: Context, place: Place): Promise<Set<string>> {
  const { redis, keys } = context
  const { tenant, function: name } = place
  const index = keys.index(tenant, name === undefined ? 'sources' : { function: name })
  const names = new Set<string>()
  for (let from = '-'; ; ) {
    const ids = await answer(redis.zrange(index, from, '+', 'BYLEX', 'LIMIT', 0, READ_AT_ONCE))
    const rows = await answer(
      Promise.all(ids.map((id) => redis.hmget(keys.build(id), 'sourceKey', 'result'))),
    )
    for (const [sourceKey, result] of rows) {
      if (name === undefined && sourceKey) names.add(sourceKey)
      const stored = result && name !== undefined && JSON.parse(result).package?.key
      if (stored) names.add(stored)
    }
    const last = ids.at(-1)
    if (last === undefined || ids.length < READ_AT_ONCE) return names
    from = `(${last}`
  }
}
