import type { BatchCounts, BatchView, Failure } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { ownFields } from './read-builds.ts'
import { type Fields, fieldsOf } from './record-fields.ts'

const BATCH_FIELDS = [
  'tenant',
  'createdAt',
  'labels',
  'total',
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'seq',
  'expanding',
  'failure',
  'repository',
  'cancelReason',
] as const

type OfRepository = BatchView['repository']

/** Throws NOT_FOUND, also for another tenant's. */
export async function readBatch(context: Context, tenant: string, id: string): Promise<BatchView> {
  return (await readBatchState(context, tenant, id)).view
}

/** `seq`: the last event's; it outlives the list of events. `expansion`: one that has not ended. */
export async function readBatchState(context: Context, tenant: string, id: string) {
  const values = await answer(context.redis.hmget(context.keys.batch(id), ...BATCH_FIELDS))
  const fields = ownFields('batch', tenant, id, fieldsOf(BATCH_FIELDS, values))
  const seq = Number(fields.get('seq') ?? 0)
  return { view: toBatchView(id, fields), seq, expansion: fields.get('expanding') }
}

export function toBatchView(id: string, fields: Fields): BatchView {
  const count = (name: keyof BatchCounts) => Number(fields.get(name) ?? 0)
  const counts: BatchCounts = {
    total: count('total'),
    queued: count('queued'),
    running: count('running'),
    succeeded: count('succeeded'),
    failed: count('failed'),
    cancelled: count('cancelled'),
  }
  const isExpanding = fields.has('expanding')
  const [failure, repository] = [fields.get('failure'), fields.get('repository')]
  return {
    id,
    createdAt: fields.get('createdAt') ?? '',
    labels: JSON.parse(fields.get('labels') ?? '{}') as Record<string, string>,
    counts,
    finished: counts.queued + counts.running === 0 && !isExpanding,
    ...(isExpanding && { expanding: true }),
    ...(failure !== undefined && { failure: JSON.parse(failure) as Failure }),
    ...(fields.has('cancelReason') && { cancelReason: fields.get('cancelReason') }),
    ...(repository !== undefined && { repository: JSON.parse(repository) as OfRepository }),
  }
}
