import { CURRENT, failed } from '@packline/shared'
import type { Context } from '../context.ts'
import { change } from '../lasting/change.ts'
import { conflicts } from '../texts/conflicts.ts'
import { noFunction, noPackage } from './not-found.ts'

/** Points an alias to another package; the next build that succeeds moves `current` again. */
export async function pointAlias(
  context: Context,
  tenant: string,
  name: string,
  alias: string,
  number: number,
): Promise<void> {
  const done = await change(context, 'functions/point', tenant, name, alias, number)
  if (done === 'no function') throw noFunction(name)
  if (done === 'no package') throw noPackage(name, number)
}

/** Throws CONFLICT for `current`, which every function with packages has. */
export async function dropAlias(
  context: Context,
  tenant: string,
  name: string,
  alias: string,
): Promise<void> {
  if (alias === CURRENT) throw failed('CONFLICT', conflicts.fixedAlias(name, alias))
  const done = await change(context, 'functions/point', tenant, name, alias, '')
  if (done === 'no function') throw noFunction(name)
  if (done === 'no alias') throw noPackage(name, alias)
}
