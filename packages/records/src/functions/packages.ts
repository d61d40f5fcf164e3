import type { NumberedPackage } from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { limitOf } from '../list-builds.ts'
import type { Page, PageOptions } from '../listing.ts'
import { noFunction, noPackage } from './not-found.ts'

/** Newest first; the cursor is a number. */
export async function listPackages(
  context: Context,
  tenant: string,
  name: string,
  page: PageOptions,
): Promise<Page<NumberedPackage>> {
  const { redis, keys } = context
  const aliases = await readAliases(context, tenant, name)
  const limit = limitOf(page)
  const from = page.cursor === undefined ? '+inf' : `(${Number(page.cursor) || 0}`
  const numbers = await answer(
    redis.zrange(keys.numbers(tenant, name), from, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit),
  )
  return {
    items: await packagesOf(context, tenant, name, numbers, aliases),
    next: numbers.length === limit ? numbers.at(-1) : undefined,
  }
}

/** By its number or an alias. Throws NOT_FOUND. */
export async function readPackage(
  context: Context,
  tenant: string,
  name: string,
  which: number | string,
): Promise<NumberedPackage> {
  const aliases = await readAliases(context, tenant, name)
  const number = typeof which === 'number' ? which : aliases[which]
  const known = number === undefined ? [] : [String(number)]
  const [found] = await packagesOf(context, tenant, name, known, aliases)
  if (found) return found
  throw noPackage(name, which)
}

/** Throws NOT_FOUND for a function that is not there. */
export async function readAliases(
  { redis, keys }: Context,
  tenant: string,
  name: string,
): Promise<Record<string, number>> {
  const [there, aliases] = await answer(
    Promise.all([
      redis.exists(keys.function(tenant, name)),
      redis.hgetall(keys.aliases(tenant, name)),
    ]),
  )
  if (there === 0) throw noFunction(name)
  return toAliases(aliases)
}

/** Beside the aliases stands which build moved `current`; no alias starts with a colon. */
export function toAliases(fields: Record<string, string>): Record<string, number> {
  const aliases = Object.entries(fields).filter(([alias]) => !alias.startsWith(':'))
  return Object.fromEntries(aliases.sort().map(([alias, number]) => [alias, Number(number)]))
}

async function packagesOf(
  { redis, keys }: Context,
  tenant: string,
  name: string,
  numbers: readonly string[],
  aliases: Record<string, number>,
): Promise<NumberedPackage[]> {
  if (numbers.length === 0) return []
  const texts = await answer(redis.hmget(keys.numbered(tenant, name), ...numbers))
  return texts.flatMap((text) => {
    if (text === null) return []
    const { split: _split, ...found } = JSON.parse(text)
    const own = Object.entries(aliases).filter(([, number]) => number === found.number)
    return [{ ...found, aliases: own.map(([alias]) => alias) }]
  })
}
