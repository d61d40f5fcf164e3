import type { CommitStatus, HookView, StatusTarget } from '@packline/shared'
import type { Context } from '../context.ts'
import { noHook, readFields, unseal } from './hook-fields.ts'
import type { OpenHook } from './hooks.ts'

/** Throws NOT_FOUND, also for another tenant's. */
export async function readHook(context: Context, tenant: string, id: string): Promise<HookView> {
  const fields = await readFields(context, id)
  if (fields?.tenant === tenant) return JSON.parse(fields.view) as HookView
  throw noHook(id)
}

/** With its secret; only the tenant's own where one is given. */
export async function openHook(context: Context, id: string, tenant?: string): Promise<OpenHook> {
  const fields = await readFields(context, id)
  if (!fields || (tenant !== undefined && fields.tenant !== tenant)) throw noHook(id)
  const { secret } = unseal(context, id, fields)
  return { ...(JSON.parse(fields.view) as HookView), tenant: fields.tenant, secret }
}

export async function accessOf(
  context: Context,
  tenant: string,
  id: string,
): Promise<CommitStatus | undefined> {
  const fields = await readFields(context, id)
  if (fields?.tenant !== tenant) return undefined
  const { status } = JSON.parse(fields.view) as HookView
  const { statusToken: token } = unseal(context, id, fields)
  return status && token !== undefined ? { ...status, token } : undefined
}

/**
 * The repository is the hook's: what a delivery says must not choose where the token goes. What was
 * accepted before a hook was deleted goes on, and tells nobody.
 */
export async function statusTargetOf(
  context: Context,
  tenant: string,
  id: string,
  commit: string,
): Promise<StatusTarget | undefined> {
  const fields = await readFields(context, id)
  if (fields?.tenant !== tenant) return undefined
  const { status, repository } = JSON.parse(fields.view) as HookView
  return status && { hook: id, provider: status.provider, repository, commit }
}
