import {
  type DependencyRevision,
  type DependencyView,
  dependencyRef,
  failed,
  type PacklineError,
} from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { limitOf } from './list-builds.ts'
import type { Page, PageOptions } from './listing.ts'
import { noSuch } from './texts/no-such.ts'

/** By name. */
export async function listDependencies(
  context: Context,
  tenant: string,
  page: PageOptions,
): Promise<Page<DependencyView>> {
  const { redis, keys } = context
  const limit = limitOf(page)
  const from = page.cursor === undefined ? '-' : `(${page.cursor}`
  const names = await answer(
    redis.zrange(keys.dependencies(tenant), from, '+', 'BYLEX', 'LIMIT', 0, limit),
  )
  const views = await Promise.all(names.map((name) => viewOf(context, tenant, name)))
  return {
    items: views.filter((view) => view !== undefined),
    next: names.length === limit ? names.at(-1) : undefined,
  }
}

/** Throws NOT_FOUND where it has no revision. */
export async function readDependency(
  context: Context,
  tenant: string,
  name: string,
): Promise<DependencyView> {
  const view = await viewOf(context, tenant, name)
  if (view) return view
  throw noDependency(name)
}

/** One revision, by default the newest. Throws NOT_FOUND. */
export async function readRevision(
  context: Context,
  tenant: string,
  name: string,
  revision?: number,
): Promise<DependencyRevision> {
  if (revision === undefined) return (await readDependency(context, tenant, name)).newest
  const [found] = await revisionsOf(context, tenant, name, [String(revision)])
  if (found) return found
  throw noDependency(dependencyRef({ name, revision }))
}

/** Newest first; the cursor is a revision. */
export async function listRevisions(
  context: Context,
  tenant: string,
  name: string,
  page: PageOptions,
): Promise<Page<DependencyRevision>> {
  const { redis, keys } = context
  const limit = limitOf(page)
  const from = page.cursor === undefined ? '+inf' : `(${Number(page.cursor) || 0}`
  const numbers = await answer(
    redis.zrange(keys.revisions(tenant, name), from, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit),
  )
  if (numbers.length === 0 && page.cursor === undefined) throw noDependency(name)
  return {
    items: await revisionsOf(context, tenant, name, numbers),
    next: numbers.length === limit ? numbers.at(-1) : undefined,
  }
}

/**
 * What is not there is nobody's: nobody learns which names another tenant has. `code` tells a path
 * that leads nowhere from a request that names it.
 */
export function noDependency(
  ref: string,
  code: 'NOT_FOUND' | 'DEPENDENCY_PACKAGE_NOT_FOUND' = 'NOT_FOUND',
): PacklineError {
  return failed(code, noSuch.dependency(ref.slice(0, 128)))
}

async function viewOf(
  context: Context,
  tenant: string,
  name: string,
): Promise<DependencyView | undefined> {
  const { redis, keys } = context
  const key = keys.revisions(tenant, name)
  const [revisions, newest] = await answer(
    Promise.all([redis.zcard(key), redis.zrange(key, 0, '0', 'REV')]),
  )
  const [found] = await revisionsOf(context, tenant, name, newest)
  return found && { name, revisions, newest: found }
}

async function revisionsOf(
  { redis, keys }: Context,
  tenant: string,
  name: string,
  numbers: readonly string[],
): Promise<DependencyRevision[]> {
  if (numbers.length === 0) return []
  const texts = await answer(redis.hmget(keys.dependency(tenant, name), ...numbers))
  return texts.flatMap((text) => (text === null ? [] : [toRevision(text)]))
}

/** Without what the reader knows: the schema, and whose it is. */
function toRevision(text: string): DependencyRevision {
  const { schema: _schema, tenant: _tenant, ...revision } = JSON.parse(text)
  return revision
}
