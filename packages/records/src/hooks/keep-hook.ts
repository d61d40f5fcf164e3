import { randomBytes } from 'node:crypto'
import {
  type CommitStatus,
  failed,
  type HookChanges,
  type HookMade,
  type HookRequest,
  type HookView,
  LIMITS,
  repositoryOf,
  SCHEMA_VERSION,
} from '@packline/shared'
import { answer } from '../answer.ts'
import type { AcceptOptions } from '../build-record.ts'
import type { Context } from '../context.ts'
import { sealedArguments } from '../idempotency.ts'
import { change } from '../lasting/change.ts'
import { limitOf } from '../list-builds.ts'
import type { Page, PageOptions } from '../listing.ts'
import { newId } from '../new-id.ts'
import { conflicts } from '../texts/conflicts.ts'
import { noHook, placeOf, readFields, type Secrets, unseal } from './hook-fields.ts'
import { readHook } from './read-hook.ts'

const SECRET_BYTES = 32

/** Each time somebody else was first; nobody means to change a hook so often. */
const CHANGES_TRIED_MAX = 20

export async function createHook(
  context: Context,
  tenant: string,
  request: HookRequest,
  idempotency?: AcceptOptions['idempotency'],
): Promise<HookMade> {
  const { redis, keys } = context
  const count = await answer(redis.zcard(keys.hooks(tenant)))
  if (count >= LIMITS.hooksMax) throw failed('CONFLICT', conflicts.tooManyHooks(count))
  checkStatus(request)
  const { secret: given, status, ...asked } = request
  const id = newId('h')
  const at = new Date().toISOString()
  const stamps = { deliverTo: `/hooks/${id}`, createdAt: at, updatedAt: at }
  const view: HookView = { id, ...asked, ...withoutToken(status), ...stamps }
  // Good for all: a key in base64 for who signs with one, plain text for who takes any.
  const secret = given ?? `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`
  const made: HookMade = { ...view, ...(given === undefined && { secret }) }
  const all = { secret, statusToken: status?.token }
  const answered = sealedArguments(context, tenant, idempotency, made)
  await write(context, tenant, view, all, '', answered)
  return made
}

/** What others change meanwhile stays: a hook that is not the one read any more is read again. */
export async function updateHook(
  context: Context,
  tenant: string,
  id: string,
  changes: HookChanges,
): Promise<HookView> {
  for (let tried = 0; tried < CHANGES_TRIED_MAX; tried += 1) {
    const fields = await readFields(context, id)
    if (fields?.tenant !== tenant) throw noHook(id)
    const old = JSON.parse(fields.view) as HookView
    const { view, secrets } = merge(old, unseal(context, id, fields), changes)
    checkStatus(view)
    const written = await write(context, tenant, view, secrets, fields.sealed)
    if (written === 'gone') throw noHook(id)
    if (written === 'written') return view
  }
  throw failed('CONFLICT', conflicts.hookChanged())
}

function merge(
  old: HookView,
  secrets: Secrets,
  { secret = secrets.secret, status, ...changes }: HookChanges,
): { view: HookView; secrets: Secrets } {
  const merged = Object.entries({ ...old, ...changes }).filter(([, value]) => value !== null)
  const view = { ...Object.fromEntries(merged), updatedAt: new Date().toISOString() } as HookView
  if (status === undefined) return { view, secrets: { ...secrets, secret } }
  delete view.status
  return {
    view: { ...view, ...withoutToken(status ?? undefined) },
    secrets: { secret, statusToken: status?.token },
  }
}

export async function removeHook(context: Context, tenant: string, id: string): Promise<void> {
  await readHook(context, tenant, id)
  await change(context, 'hooks/remove', tenant, id)
}

export async function listHooks(
  context: Context,
  tenant: string,
  page: PageOptions,
): Promise<Page<HookView>> {
  const { redis, keys } = context
  const limit = limitOf(page)
  const from = page.cursor === undefined ? '+' : `(${page.cursor}`
  const ids = await answer(
    redis.zrange(keys.hooks(tenant), from, '-', 'BYLEX', 'REV', 'LIMIT', 0, limit),
  )
  const texts = await answer(Promise.all(ids.map((id) => redis.hget(keys.hook(id), 'view'))))
  const items = texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as HookView]))
  return { items, next: ids.length === limit ? ids.at(-1) : undefined }
}

/** APIs of git servers name a repository by its owner and its name. */
function checkStatus({ status, repository }: Pick<HookView, 'status' | 'repository'>): void {
  const [, ...path] = repositoryOf(repository)?.split('/') ?? []
  if (!status || path.length > 1) return
  throw failed('INVALID_REQUEST', conflicts.noOwner(), { at: 'status' })
}

async function write(
  context: Context,
  tenant: string,
  view: HookView,
  all: Secrets,
  before: string,
  answered: (string | number)[] = [],
) {
  const sealed = context.seal.close(JSON.stringify(all), placeOf(tenant, view.id))
  const fields = { schema: `${SCHEMA_VERSION}`, tenant, view: JSON.stringify(view), sealed }
  const values = [tenant, view.id, JSON.stringify(fields), before, ...answered]
  return change(context, 'hooks/write', ...values)
}

function withoutToken(status: CommitStatus | undefined): Pick<HookView, 'status'> {
  if (!status) return {}
  const { token: _token, ...shown } = status
  return { status: shown }
}
