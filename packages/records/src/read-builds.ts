import {
  type BatchCounts,
  type BatchView,
  type BuildEvent,
  type BuildState,
  type BuildView,
  isTerminal,
  LIMITS,
  PacklineError,
} from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import type { LogChunk } from './listing.ts'
import { type Fields, fieldsOf, toView, VIEW_FIELDS } from './record-fields.ts'

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
] as const

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
  return own('build', tenant, id, fields)
}

export async function readBatch(context: Context, tenant: string, id: string): Promise<BatchView> {
  return (await readBatchState(context, tenant, id)).view
}

/** `seq`: the last event's; it outlives the list of events. */
export async function readBatchState(context: Context, tenant: string, id: string) {
  const values = await answer(context.redis.hmget(context.keys.batch(id), ...BATCH_FIELDS))
  const fields = own('batch', tenant, id, fieldsOf(BATCH_FIELDS, values))
  return { view: toBatchView(id, fields), seq: Number(fields.get('seq') ?? 0) }
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
  return {
    id,
    createdAt: fields.get('createdAt') ?? '',
    labels: JSON.parse(fields.get('labels') ?? '{}') as Record<string, string>,
    counts,
    finished: counts.queued + counts.running === 0,
  }
}

/** What Redis holds of a list that belongs to a build, and how the build stood just before. */
export interface Kept<T> {
  items: T[]
  /** The build had ended before the list was read: nothing comes after these. */
  ended: boolean
  /** Set when the list has left Redis: the segment of the archive that holds it. */
  archivedIn?: string
}

export function readEvents(
  context: Context,
  tenant: string,
  id: string,
  after: number,
  limit: number,
): Promise<Kept<BuildEvent>> {
  const key = context.keys.events(id)
  return readKept(context, tenant, id, key, after, limit, (text, seq) => ({
    ...(JSON.parse(text) as BuildEvent),
    seq,
  }))
}

export function readLog(
  context: Context,
  tenant: string,
  id: string,
  after: number,
  limit: number,
): Promise<Kept<LogChunk>> {
  const key = context.keys.log(id)
  return readKept(context, tenant, id, key, after, limit, (text, seq) => ({ seq, text }))
}

async function readKept<T>(
  context: Context,
  tenant: string,
  id: string,
  key: string,
  after: number,
  limit: number,
  parse: (text: string, seq: number) => T,
): Promise<Kept<T>> {
  const names = ['tenant', 'state', 'archivedIn']
  const [record, length, texts] = await answer(
    Promise.all([
      context.redis.hmget(context.keys.build(id), ...names),
      context.redis.llen(key),
      context.redis.lrange(key, after, after + Math.min(limit, LIMITS.listPageMax) - 1),
    ]),
  )
  const fields = own('build', tenant, id, fieldsOf(names, record))
  const archivedIn = fields.get('archivedIn')
  return {
    items: texts.map((text, place) => parse(text, after + place + 1)),
    ended: isTerminal((fields.get('state') ?? 'queued') as BuildState),
    ...(length === 0 && archivedIn !== undefined && { archivedIn }),
  }
}

function own(kind: 'build' | 'batch', tenant: string, id: string, fields: Fields): Fields {
  if (fields.get('tenant') === tenant) return fields
  throw new PacklineError('NOT_FOUND', `There is no ${kind} "${id.slice(0, 64)}"`)
}
