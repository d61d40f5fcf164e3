import { type FunctionSettings, type FunctionView, RUNTIMES } from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { limitOf } from '../list-builds.ts'
import type { Page, PageOptions } from '../listing.ts'
import { type Fields, fieldsOf } from '../record-fields.ts'
import { noFunction } from './not-found.ts'
import { toAliases } from './packages.ts'

const FIELDS = ['settings', 'createdAt', 'updatedAt', 'draft', 'files', 'bytes', 'archive'] as const

/** Throws NOT_FOUND, also for another tenant's. */
export async function readFunction(
  context: Context,
  tenant: string,
  name: string,
): Promise<FunctionView> {
  const view = await viewOf(context, tenant, name)
  if (view) return view
  throw noFunction(name)
}

export async function readSettings(
  { redis, keys }: Context,
  tenant: string,
  name: string,
): Promise<FunctionSettings> {
  const settings = await answer(redis.hget(keys.function(tenant, name), 'settings'))
  if (settings === null) throw noFunction(name)
  return JSON.parse(settings) as FunctionSettings
}

/** By name. */
export async function listFunctions(
  context: Context,
  tenant: string,
  page: PageOptions,
): Promise<Page<FunctionView>> {
  const { redis, keys } = context
  const limit = limitOf(page)
  const from = page.cursor === undefined ? '-' : `(${page.cursor}`
  const names = await answer(
    redis.zrange(keys.functions(tenant), from, '+', 'BYLEX', 'LIMIT', 0, limit),
  )
  const views = await Promise.all(names.map((name) => viewOf(context, tenant, name)))
  return {
    items: views.filter((view) => view !== undefined),
    next: names.length === limit ? names.at(-1) : undefined,
  }
}

async function viewOf(
  { redis, keys }: Context,
  tenant: string,
  name: string,
): Promise<FunctionView | undefined> {
  const [values, aliases, newest] = await answer(
    Promise.all([
      redis.hmget(keys.function(tenant, name), ...FIELDS),
      redis.hgetall(keys.aliases(tenant, name)),
      redis.zrange(keys.numbers(tenant, name), '-1', '-1'),
    ]),
  )
  const fields = fieldsOf(FIELDS, values)
  const settings = fields.get('settings')
  if (settings === undefined) return undefined
  const parsed = JSON.parse(settings) as FunctionSettings
  return {
    name,
    ...parsed,
    createdAt: fields.get('createdAt') ?? '',
    updatedAt: fields.get('updatedAt') ?? '',
    draft: draftOf(fields, RUNTIMES[parsed.runtime].onlineEdit),
    aliases: toAliases(aliases),
    newest: newest[0] === undefined ? undefined : Number(newest[0]),
  }
}

function draftOf(fields: Fields, onlineEdit: boolean): FunctionView['draft'] {
  return {
    version: Number(fields.get('draft') ?? 0),
    files: Number(fields.get('files') ?? 0),
    size: Number(fields.get('bytes') ?? 0),
    editable: onlineEdit && !fields.has('archive'),
  }
}
