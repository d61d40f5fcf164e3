import { type BatchView, type BuildView, LIMITS } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { type IndexOf, labelKey } from './keys.ts'
import type { ListFilter, Page, PageOptions } from './listing.ts'
import { idBorder } from './new-id.ts'
import { toBatchView } from './read-batches.ts'
import { fieldsOf, fieldsOfPairs } from './record-fields.ts'
import { toView, VIEW_FIELDS } from './record-view.ts'

/** Ids that one call looks at, however few of them fit. */
const SCANNED_MAX = 10_000

const SCANNED_AT_ONCE = 1000

/** Walks the smallest of the filter's indexes backwards and asks the others for each id. */
export async function listBuilds(
  context: Context,
  tenant: string,
  filter: ListFilter,
  page: PageOptions,
): Promise<Page<BuildView>> {
  const [walked, others] = await smallestFirst(context, tenant, filter)
  const found = await walk(context, walked, others, borders(filter, page.cursor), limitOf(page))
  const rows = await answer(
    Promise.all(found.ids.map((id) => context.redis.hmget(context.keys.build(id), ...VIEW_FIELDS))),
  )
  const items = found.ids.flatMap((id, place) => {
    const fields = fieldsOf(VIEW_FIELDS, rows[place] ?? [])
    return fields.has('tenant') ? [toView(id, fields)] : []
  })
  return { items, next: found.next }
}

export async function listBatches(
  context: Context,
  tenant: string,
  { label }: Pick<ListFilter, 'label'>,
  page: PageOptions,
): Promise<Page<BatchView>> {
  const limit = limitOf(page)
  const from = page.cursor === undefined ? '+' : `(${page.cursor}`
  const { keys, redis } = context
  const walked = label ? keys.index(tenant, { batchLabel: labelKey(label) }) : keys.batches(tenant)
  const ids = await answer(redis.zrange(walked, from, '-', 'BYLEX', 'REV', 'LIMIT', 0, limit))
  const rows = await answer(Promise.all(ids.map((id) => redis.hgetall(keys.batch(id)))))
  const items = ids.map((id, place) =>
    toBatchView(id, fieldsOfPairs(Object.entries(rows[place] ?? {}).flat())),
  )
  return { items, next: ids.length === limit ? ids.at(-1) : undefined }
}

async function smallestFirst(
  context: Context,
  tenant: string,
  filter: ListFilter,
): Promise<[string, string[]]> {
  const indexes: IndexOf[] = []
  if (filter.state) indexes.push({ state: filter.state })
  if (filter.function !== undefined) indexes.push({ function: filter.function })
  if (filter.dependency !== undefined) indexes.push({ dependency: filter.dependency })
  if (filter.batch !== undefined) indexes.push({ batch: filter.batch })
  if (filter.label) indexes.push({ label: labelKey(filter.label) })
  if (indexes.length === 0) indexes.push('all')
  const keys = indexes.map((of) => context.keys.index(tenant, of))
  const sizes = await answer(Promise.all(keys.map((key) => context.redis.zcard(key))))
  const smallest = sizes.indexOf(Math.min(...sizes))
  const [walked = ''] = keys.splice(smallest, 1)
  return [walked, keys]
}

interface Borders {
  from: string
  to: string
}

/** Newest first, so the range begins at its upper border; ids sort by the time they were made. */
function borders(filter: ListFilter, cursor: string | undefined): Borders {
  const before = filter.before && idBorder('b', filter.before)
  const upper = [cursor, before].filter((border) => border !== undefined).sort()[0]
  return {
    from: upper === undefined ? '+' : `(${upper}`,
    to: filter.after ? `[${idBorder('b', filter.after)}` : '-',
  }
}

async function walk(
  context: Context,
  walked: string,
  others: string[],
  range: Borders,
  limit: number,
): Promise<{ ids: string[]; next?: string }> {
  const ids: string[] = []
  let from = range.from
  for (let scanned = 0; scanned < SCANNED_MAX; scanned += SCANNED_AT_ONCE) {
    const count = others.length === 0 ? limit - ids.length + 1 : SCANNED_AT_ONCE
    const some = await answer(
      context.redis.zrange(walked, from, range.to, 'BYLEX', 'REV', 'LIMIT', 0, count),
    )
    for (const id of await inAll(context, some, others)) {
      if (ids.length === limit) return { ids, next: ids.at(-1) }
      ids.push(id)
    }
    const last = some.at(-1)
    if (last === undefined || some.length < count) return { ids }
    from = `(${last}`
  }
  return { ids, next: from.slice(1) }
}

async function inAll(context: Context, ids: string[], others: string[]): Promise<string[]> {
  if (ids.length === 0 || others.length === 0) return ids
  const scores = await answer(Promise.all(others.map((key) => context.redis.zmscore(key, ...ids))))
  return ids.filter((_, place) => scores.every((row) => row[place] !== null))
}

/** What a page holds at most; at least one. */
export function limitOf(page: PageOptions): number {
  return Math.max(1, Math.min(page.limit ?? LIMITS.listPageDefault, LIMITS.listPageMax))
}
