import { LIMITS } from '@packline/shared'
import { answer } from './answer.ts'
import { lineStart, writeObject } from './archived-build.ts'
import type { Context } from './context.ts'
import { newId } from './new-id.ts'
import { fieldsOfPairs } from './record-fields.ts'
import { toRecord } from './record-view.ts'
import type { ArchiveResult, ArchiveStore } from './records.ts'

/** Builds of one call, and characters of one segment before it is compressed. */
const BUILDS_MAX = 500
const SEGMENT_CHARS_MAX = 4 * 1024 * 1024

/** A longer log gets an object of its own. */
const LOG_BYTES_MAX = 256 * 1024

const READ_AT_ONCE = 25

/** Longer than writing a segment may take: two archivers would only write the same twice. */
const LOCK_MS = 30_000

/**
 * Writes finished builds, many in one object, and only then takes those out of the set: a crash
 * between writes them again, into another segment, and the record names the last one.
 */
export async function archiveBuilds(context: Context): Promise<ArchiveResult> {
  const { store, redis, keys } = context
  const result: ArchiveResult = { builds: 0, segments: 0, left: false }
  if (!store) return result
  const lock = await answer(redis.set(keys.archiveLock, process.pid, 'PX', LOCK_MS, 'NX'))
  if (lock !== 'OK') return result
  try {
    const ids = await answer(redis.zrange(keys.archive, 0, `${BUILDS_MAX - 1}`))
    for (const group of await groups(context, ids)) {
      for await (const segment of segments(context, store, group)) {
        const key = `${group.folder}/${newId('s')}.ndjson.gz`
        await writeObject(store, key, segment.lines)
        await context.run('archived', key, ...segment.ids)
        result.builds += segment.ids.length
        result.segments += 1
      }
    }
    return { ...result, left: ids.length === BUILDS_MAX }
  } finally {
    await answer(redis.del(keys.archiveLock))
  }
}

interface Group {
  /** One per tenant and day. */
  folder: string
  ids: string[]
}

async function groups(context: Context, ids: string[]): Promise<Group[]> {
  const { redis, keys } = context
  const rows = await answer(
    Promise.all(ids.map((id) => redis.hmget(keys.build(id), 'tenant', 'finishedAt'))),
  )
  const folders = Map.groupBy(ids.keys(), (place) => {
    const [tenant, finishedAt] = rows[place] ?? []
    return `builds/${tenant ?? 'lost'}/${(finishedAt ?? '').slice(0, 10)}`
  })
  return [...folders].map(([folder, places]) => ({
    folder,
    ids: places.map((place) => ids[place] ?? ''),
  }))
}

interface Segment {
  ids: string[]
  lines: string
}

/** Reads a few builds at a time, so that memory holds one segment and little more. */
async function* segments(
  context: Context,
  store: ArchiveStore,
  group: Group,
): AsyncGenerator<Segment> {
  let segment: Segment = { ids: [], lines: '' }
  for (let from = 0; from < group.ids.length; from += READ_AT_ONCE) {
    const ids = group.ids.slice(from, from + READ_AT_ONCE)
    const lines = await Promise.all(ids.map((id) => toLine(context, store, group.folder, id)))
    segment.ids.push(...ids)
    segment.lines += lines.join('')
    if (segment.lines.length < SEGMENT_CHARS_MAX) continue
    yield segment
    segment = { ids: [], lines: '' }
  }
  if (segment.ids.length > 0) yield segment
}

/** Put together from the texts that Redis holds: parsing them would cost more than all else. */
async function toLine(
  context: Context,
  store: ArchiveStore,
  folder: string,
  id: string,
): Promise<string> {
  const { redis, keys } = context
  const [record, events] = await answer(
    Promise.all([redis.hgetall(keys.build(id)), redis.lrange(keys.events(id), 0, -1)]),
  )
  const fields = fieldsOfPairs(Object.entries(record).flat())
  if (!fields.has('tenant')) return ''
  const built = toRecord(id, fields)
  const parts = [
    `"schema":${built.schema}`,
    `"record":${JSON.stringify(built)}`,
    `"report":${fields.get('report') ?? 'null'}`,
    `"events":[${events.join(',')}]`,
    await logPart(
      context,
      store,
      `${folder}/${id}.log.gz`,
      id,
      Number(fields.get('logBytes') ?? 0),
    ),
  ]
  return `${lineStart(id)}${parts.join(',')}}\n`
}

async function logPart(
  context: Context,
  store: ArchiveStore,
  key: string,
  id: string,
  bytes: number,
): Promise<string> {
  if (bytes === 0) return '"log":[]'
  const chunks = await readLogWhole(context, id)
  if (bytes <= LOG_BYTES_MAX) return `"log":${JSON.stringify(chunks)}`
  await writeObject(store, key, JSON.stringify(chunks))
  return `"log":[],"logIn":${JSON.stringify(key)}`
}

async function readLogWhole(context: Context, id: string): Promise<string[]> {
  const chunks: string[] = []
  for (let from = 0; ; from += LIMITS.listPageMax) {
    const to = from + LIMITS.listPageMax - 1
    const some = await answer(context.redis.lrange(context.keys.log(id), from, to))
    chunks.push(...some)
    if (some.length < LIMITS.listPageMax) return chunks
  }
}
