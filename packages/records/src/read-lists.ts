import { type BuildEvent, type BuildState, isTerminal, LIMITS } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import type { LogChunk } from './listing.ts'
import { ownFields } from './read-builds.ts'
import { fieldsOf } from './record-fields.ts'

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
  const fields = ownFields('build', tenant, id, fieldsOf(names, record))
  const archivedIn = fields.get('archivedIn')
  return {
    items: texts.map((text, place) => parse(text, after + place + 1)),
    ended: isTerminal((fields.get('state') ?? 'queued') as BuildState),
    ...(length === 0 && archivedIn !== undefined && { archivedIn }),
  }
}
