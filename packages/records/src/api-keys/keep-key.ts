import {
  failed,
  type KeyMade,
  type KeyRequest,
  type KeyView,
  LIMITS,
  SCHEMA_VERSION,
} from '@packline/shared'
import { answer } from '../answer.ts'
import type { AcceptOptions } from '../build-record.ts'
import type { Context } from '../context.ts'
import { sealedArguments } from '../idempotency.ts'
import { change } from '../lasting/change.ts'
import { writeAtOnce } from '../lasting/write-things.ts'
import { limitOf } from '../list-builds.ts'
import type { Page, PageOptions } from '../listing.ts'
import { newId } from '../new-id.ts'
import { conflicts } from '../texts/conflicts.ts'
import { noSuch } from '../texts/no-such.ts'
import { digestOfKey, newKeyText } from './key-text.ts'

interface Asked {
  request: KeyRequest
  by: string
  idempotency: AcceptOptions['idempotency']
}

export async function createKey(
  context: Context,
  tenant: string,
  { request, by, idempotency }: Asked,
): Promise<KeyMade> {
  const { name, scope, expiresAt } = request
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()) {
    throw failed('INVALID_REQUEST', conflicts.expiredAlready(expiresAt), { at: 'expiresAt' })
  }
  const id = newId('pkl_')
  const key = newKeyText(id)
  const stamps = { createdAt: new Date().toISOString(), createdBy: by }
  const until = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }
  const view: KeyView = { id, name, scope, ...stamps, ...until }
  const made: KeyMade = { ...view, key }
  const digest = digestOfKey(key).toString('base64')
  const fields = { schema: `${SCHEMA_VERSION}`, tenant, view: JSON.stringify(view), digest }
  const answered = sealedArguments(context, tenant, idempotency, made)
  const values = [tenant, id, JSON.stringify(fields), LIMITS.keysMax, ...answered]
  if ((await change(context, 'api-keys/write', ...values)) === 1) return made
  throw failed('CONFLICT', conflicts.tooManyKeys(LIMITS.keysMax))
}

export async function listKeys(
  context: Context,
  tenant: string,
  page: PageOptions,
): Promise<Page<KeyView>> {
  const { redis, keys } = context
  const limit = limitOf(page)
  const from = page.cursor === undefined ? '+' : `(${page.cursor}`
  const ids = await answer(
    redis.zrange(keys.apiKeys(tenant), from, '-', 'BYLEX', 'REV', 'LIMIT', 0, limit),
  )
  const rows = await answer(
    Promise.all(ids.map((id) => redis.hmget(keys.apiKey(id), 'view', 'usedAt'))),
  )
  const items = rows.flatMap(([view, usedAt]) => {
    if (typeof view !== 'string') return []
    const used = typeof usedAt === 'string' ? { lastUsedAt: usedAt } : {}
    return [{ ...(JSON.parse(view) as KeyView), ...used }]
  })
  return { items, next: ids.length === limit ? ids.at(-1) : undefined }
}

/** The store knows of it before the answer: no Redis that is lost then brings the key back. */
export async function revokeKey(context: Context, tenant: string, id: string): Promise<void> {
  const removed = await change(context, 'api-keys/remove', tenant, id)
  if (removed === 0) throw failed('NOT_FOUND', noSuch.key(id.slice(0, 64)))
  await writeAtOnce(context, `keys ${tenant} all`)
}
