import { failed, type PacklineError } from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { noSuch } from '../texts/no-such.ts'

/** What is sealed together: the secret of deliveries, and the token for commit statuses. */
export interface Secrets {
  secret: string
  statusToken?: string
}

export function noHook(id: string): PacklineError {
  return failed('NOT_FOUND', noSuch.hook(id.slice(0, 64)))
}

/** What is kept; `view` is its JSON without secrets. */
export interface HookFields {
  tenant: string
  view: string
  sealed: string
}

export async function readFields(
  { redis, keys }: Context,
  id: string,
): Promise<HookFields | undefined> {
  const values = await answer(redis.hmget(keys.hook(id), 'tenant', 'view', 'sealed'))
  const [tenant, view, sealed] = values
  return tenant && view && sealed ? { tenant, view, sealed } : undefined
}

export function unseal({ seal }: Context, id: string, { tenant, sealed }: HookFields): Secrets {
  return JSON.parse(seal.open(sealed, placeOf(tenant, id))) as Secrets
}

export function placeOf(tenant: string, id: string): string {
  return `hook ${tenant} ${id}`
}
