import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import type { LastingKind } from './lasting.ts'
import { rangesOf } from './ranges.ts'

/** What Redis has of a thing; its script `lasting/restore-KIND` takes the same as JSON. */
type ReadThing = (context: Context, tenant: string, name: string) => Promise<object>

export const READ_THINGS = {
  functions: readFunction,
  dependencies: readDependency,
  hooks: readHooks,
  keys: readKeys,
  credentials: async ({ redis, keys }, tenant) => ({
    fields: await answer(redis.hgetall(keys.credentials(tenant))),
  }),
} satisfies Record<LastingKind, ReadThing>

/** Its packages are found again by its builds: here stands which of them are there. */
async function readFunction({ redis, keys }: Context, tenant: string, name: string) {
  // The count is asked for first: a number that is given just now is a later one then.
  const [count, numbers, fields, entries, aliases] = await answer(
    Promise.all([
      redis.hget(keys.numberCounts(tenant), name),
      redis.zrange(keys.numbers(tenant, name), '0', '-1'),
      redis.hgetall(keys.function(tenant, name)),
      redis.hgetall(keys.draft(tenant, name)),
      redis.hgetall(keys.aliases(tenant, name)),
    ]),
  )
  return { count: Number(count), numbers: rangesOf(numbers.map(Number)), fields, entries, aliases }
}

async function readDependency({ redis, keys }: Context, tenant: string, name: string) {
  const [count, fields] = await answer(
    Promise.all([
      redis.hget(keys.revisionCounts(tenant), name),
      redis.hgetall(keys.dependency(tenant, name)),
    ]),
  )
  return { count: Number(count), fields }
}

async function readHooks({ redis, keys }: Context, tenant: string) {
  const ids = await answer(redis.zrange(keys.hooks(tenant), '0', '-1'))
  const all = await answer(Promise.all(ids.map((id) => redis.hgetall(keys.hook(id)))))
  return { hooks: Object.fromEntries(ids.map((id, place) => [id, all[place]])) }
}

/** Of each key its digest alone. */
async function readKeys({ redis, keys }: Context, tenant: string) {
  const ids = await answer(redis.zrange(keys.apiKeys(tenant), '0', '-1'))
  const all = await answer(Promise.all(ids.map((id) => redis.hgetall(keys.apiKey(id)))))
  return { keys: Object.fromEntries(ids.map((id, place) => [id, all[place]])) }
}
