import { type BuildView, failed } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { type Fields, fieldsOf } from './record-fields.ts'
import { toView, VIEW_FIELDS } from './record-view.ts'
import { noSuch } from './texts/no-such.ts'

/** Throws NOT_FOUND, also for another tenant's: nobody learns which ids there are. */
export async function readBuild(context: Context, tenant: string, id: string): Promise<BuildView> {
  return toView(id, await readFields(context, tenant, id, [...VIEW_FIELDS, 'request']))
}

export async function readFields(
  context: Context,
  tenant: string,
  id: string,
  names: readonly string[],
): Promise<Fields> {
  const asked = ['tenant', ...names]
  const fields = fieldsOf(
    asked,
    await answer(context.redis.hmget(context.keys.build(id), ...asked)),
  )
  return ownFields('build', tenant, id, fields)
}

/** Lets only the tenant's own through; what is not there is nobody's. */
export function ownFields(
  kind: 'build' | 'batch',
  tenant: string,
  id: string,
  fields: Fields,
): Fields {
  if (fields.get('tenant') === tenant) return fields
  throw failed('NOT_FOUND', noSuch[kind](id.slice(0, 64)))
}
