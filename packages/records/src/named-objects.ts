import { STORE_KEYS, type StoredPackage } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { namesOfDrafts } from './functions/drafts.ts'
import type { IndexOf } from './keys.ts'

const READ_AT_ONCE = 500

/** Whose records name an object: a function's, a dependency package's, or all of a tenant. */
export interface Owner {
  tenant: string
  /** Of packages. */
  function?: string
  /** Of dependency packages. */
  dependency?: string
}

/** Keys of the objects that these records name. */
export function namesOf(context: Context, owner: Owner): Promise<Set<string>> {
  if (owner.function !== undefined) return namesOfPackages(context, owner.tenant, owner.function)
  if (owner.dependency === undefined) return namesOfSources(context, owner.tenant)
  return namesOfRevisions(context, owner.tenant, owner.dependency)
}

async function namesOfPackages(context: Context, tenant: string, name: string) {
  const names = new Set<string>()
  const builds = fieldsOfAll(context, tenant, { function: name }, ['result', 'dropped'])
  for await (const [result, dropped] of builds) {
    // Retention took its number away: this build names its package no more.
    const stored: Partial<StoredPackage> = (result && !dropped && JSON.parse(result).package) || {}
    if (stored.key) names.add(stored.key).add(STORE_KEYS.sbom(stored.key))
    if (stored.sourceMap) names.add(stored.sourceMap)
  }
  return names
}

/** Of builds, and what drafts hold. */
async function namesOfSources(context: Context, tenant: string) {
  const names = new Set(await namesOfDrafts(context, tenant))
  for await (const [sourceKey] of fieldsOfAll(context, tenant, 'sources', ['sourceKey'])) {
    if (sourceKey) names.add(sourceKey)
  }
  return names
}

/** The revisions that are there; a build whose revision was deleted names it no more. */
async function namesOfRevisions({ redis, keys }: Context, tenant: string, name: string) {
  const numbers = await answer(redis.zrange(keys.revisions(tenant, name), '0', '-1'))
  if (numbers.length === 0) return new Set<string>()
  const texts = await answer(redis.hmget(keys.dependency(tenant, name), ...numbers))
  return new Set(
    texts.flatMap((text) => {
      const key: string | undefined = text ? JSON.parse(text).package.key : undefined
      return key === undefined ? [] : [key, STORE_KEYS.sbom(key)]
    }),
  )
}

/** These fields of the builds of an index. */
async function* fieldsOfAll(
  { redis, keys }: Context,
  tenant: string,
  of: IndexOf,
  fields: string[],
): AsyncGenerator<(string | null)[]> {
  const index = keys.index(tenant, of)
  for (let from = '-'; ; ) {
    const ids = await answer(redis.zrange(index, from, '+', 'BYLEX', 'LIMIT', 0, READ_AT_ONCE))
    yield* await answer(Promise.all(ids.map((id) => redis.hmget(keys.build(id), ...fields))))
    const last = ids.at(-1)
    if (last === undefined || ids.length < READ_AT_ONCE) return
    from = `(${last}`
  }
}
