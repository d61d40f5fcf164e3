import type { ExpansionSpec, ExpansionView } from '@packline/shared'
import { failed, PacklineError } from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import type { Fields } from '../record-fields.ts'
import { schemaOf } from '../record-view.ts'
import { conflicts } from '../texts/conflicts.ts'
import { noSuch } from '../texts/no-such.ts'
import type { ExpansionRecord, Reached } from './expansions.ts'

/** Throws NOT_FOUND, also for another tenant's. */
export async function readExpansion(
  { redis, keys }: Context,
  tenant: string,
  id: string,
): Promise<ExpansionView> {
  const fields = new Map(Object.entries(await answer(redis.hgetall(keys.expansion(id)))))
  if (fields.get('tenant') === tenant) return toExpansionView(id, fields)
  throw failed('NOT_FOUND', noSuch.expansion(id.slice(0, 64)))
}

/** Throws CONFLICT for a batch that has none, or whose expansion is known no more. */
export async function expansionOfBatch(
  context: Context,
  tenant: string,
  batch: string,
): Promise<ExpansionView> {
  const { redis, keys } = context
  const id = await answer(redis.hget(keys.batch(batch), 'expansion'))
  return readExpansion(context, tenant, id ?? '').catch((cause: unknown) => {
    if (!(cause instanceof PacklineError) || cause.code !== 'NOT_FOUND') throw cause
    throw failed('CONFLICT', conflicts.forgotten(), { cause })
  })
}

/** `reached` as the pushes keep it: number and commit, or ''. */
export function toExpansionRecord(id: string, fields: Fields, reached: string): ExpansionRecord {
  const tenant = fields.get('tenant') ?? ''
  const commit = fields.get('commit')
  const own = { schema: schemaOf(fields), tenant, commit, reached: parseReached(reached) }
  return { ...toExpansionView(id, fields), ...own }
}

function parseReached(text: string): Reached | undefined {
  const [number, commit] = text.split(' ')
  return commit === undefined ? undefined : { number: Number(number), commit }
}

function toExpansionView(id: string, fields: Fields): ExpansionView {
  const fixed: { createdAt: string } = JSON.parse(fields.get('view') ?? '{}')
  const spec: ExpansionSpec = JSON.parse(fields.get('spec') ?? '{}')
  const number = fields.get('number')
  return {
    id,
    state: (fields.get('state') ?? 'queued') as ExpansionView['state'],
    attempt: Number(fields.get('attempt') ?? 0),
    createdAt: fixed.createdAt,
    startedAt: fields.get('startedAt'),
    finishedAt: fields.get('finishedAt'),
    // The first of two languages: nobody but the sweep looks at it.
    waitingFor: fields.get('waitingFor')?.split('\n')[0],
    batch: fields.get('batch'),
    // Only the script that took it in knows the number.
    spec: spec.kind === 'delivery' && number ? { ...spec, number: Number(number) } : spec,
    ...(JSON.parse(fields.get('result') ?? '{}') as Partial<ExpansionView>),
  }
}
