import { type FunctionSettings, failed, RUNTIMES } from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { change } from '../lasting/change.ts'
import { conflicts } from '../texts/conflicts.ts'
import { noFunction } from './not-found.ts'

export async function putFunction(
  context: Context,
  tenant: string,
  name: string,
  settings: FunctionSettings,
): Promise<'created' | 'changed'> {
  const { count, days } = settings.keep ?? {}
  const { onlineEdit, title } = RUNTIMES[settings.runtime]
  const done = await change(
    context,
    'functions/put',
    tenant,
    name,
    new Date().toISOString(),
    JSON.stringify(settings),
    count ?? '',
    days ?? '',
    onlineEdit ? '' : '1',
  )
  if (done === 'created' || done === 'changed') return done
  throw failed('CONFLICT', conflicts.onlineFiles(name, title), { at: 'runtime' })
}

/** Packages that have become too old go, though no build of their function has ended. */
export async function retainAll(context: Context): Promise<void> {
  const { redis, keys } = context
  for (const tenant of await answer(redis.smembers(keys.functionTenants))) {
    for (const name of await answer(redis.zrange(keys.functions(tenant), '0', '-1'))) {
      await context.run('functions/retain', tenant, name)
    }
  }
}

/** Throws NOT_FOUND, or CONFLICT with the aliases that were set by hand. */
export async function dropFunction(context: Context, tenant: string, name: string): Promise<void> {
  const [what, ...aliases] = (await change(context, 'functions/drop', tenant, name)) as string[]
  if (what === 'dropped') return
  if (what === 'missing') throw noFunction(name)
  throw failed('CONFLICT', conflicts.aliasesLeft(name, aliases.sort()))
}
