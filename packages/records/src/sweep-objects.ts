import { PacklineError, STORE_KEYS } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { retainAll } from './functions/put-function.ts'
import { namesOf, type Owner } from './named-objects.ts'
import type { ArchiveStore, ObjectSweep, StoredKey } from './records.ts'
import { withLock } from './with-lock.ts'

/** What no record names is kept this long: whoever stored it may yet name it. */
const AGE_MS = 24 * 60 * 60_000

/** How often all objects are looked at, by whichever process comes first. */
const EVERY_MS = 6 * 60 * 60_000

/** Objects whose names are read together: each save of a draft leaves one behind. */
const REMOVED_AT_ONCE = 200

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
    // All that the store has is in Redis then, also where that was emptied or is an older one.
    const { builds, things } = await context.restore()
    result.restored = builds + things
    const sweeper: Sweeper = { context, store, isHeld, result }
    await retainAll(context)
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
interface Place extends Owner {
  /** The folder, with a slash at its end, or the key. */
  name: string
}

function placeOf(key: string): Place {
  const [kind, tenant = '', name = ''] = key.split('/')
  if (kind === 'packages') return { name: `packages/${tenant}/${name}/`, tenant, function: name }
  return { name: key, tenant, ...(kind === 'dependencies' && { dependency: name }) }
}

function isSameOwner(one: Owner, other: Owner): boolean {
  return (
    one.tenant === other.tenant &&
    one.function === other.function &&
    one.dependency === other.dependency
  )
}

/** The first look costs a build nothing; only where something is unnamed its place is condemned. */
async function sweepBelow(sweeper: Sweeper, prefix: string): Promise<void> {
  const { context, store } = sweeper
  let last: { owner: Owner; names: Set<string> } | undefined
  let group: Place[] = []
  const flush = async () => {
    const some = group
    group = []
    await condemnAndRemove(sweeper, some)
  }
  for await (const object of store.list(prefix)) {
    if (!isOld(object)) continue
    const place = placeOf(object.key)
    if (group.at(-1)?.name === place.name) continue
    if (!last || !isSameOwner(last.owner, place)) {
      await flush()
      last = { owner: place, names: await namesOf(context, place) }
    }
    if (last.names.has(object.key)) continue
    group.push(place)
    if (group.length === REMOVED_AT_ONCE) await flush()
  }
  await flush()
}

function isOld({ modifiedAt }: StoredKey): boolean {
  return modifiedAt.getTime() < Date.now() - AGE_MS
}

/** Places of one owner: the names are read once for all of them. */
async function condemnAndRemove(sweeper: Sweeper, places: readonly Place[]): Promise<void> {
  const { context } = sweeper
  const condemned: Place[] = []
  for (const place of places) {
    const { name, tenant, function: of = '' } = place
    // Somebody builds that very function, or has just asked for the object: another time.
    if ((await context.run('condemn', name, AGE_MS, tenant, of)) === 1) condemned.push(place)
  }
  const [first] = condemned
  if (!first) return
  // Nobody names what is in a condemned place meanwhile.
  const names = await namesOf(context, first)
  for (const place of condemned) await removeUnnamed(sweeper, place, names)
}

async function removeUnnamed(sweeper: Sweeper, place: Place, names: Set<string>): Promise<void> {
  const { context, store, isHeld, result } = sweeper
  for await (const object of store.list(place.name)) {
    // Keys are found by how they begin: another may begin with all of this one.
    const isOther = place.function === undefined && object.key !== place.name
    if (isOther || !isOld(object) || names.has(object.key)) continue
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
