import { LIMITS } from '@packline/shared'
import { answer } from './answer.ts'
import { writeLog, writeObject } from './archive-object.ts'
import { lineStart } from './archived-build.ts'
import type { Context } from './context.ts'
import { dueMembers, putOff } from './due-members.ts'
import { newId } from './new-id.ts'
import { fieldsOfPairs } from './record-fields.ts'
import { toRecord } from './record-view.ts'
import type { ArchiveResult, ArchiveStore } from './records.ts'
import { withLock } from './with-lock.ts'

/** Builds of one call, and characters of one segment before it is compressed. */
const BUILDS_MAX = 500
const SEGMENT_CHARS_MAX = 4 * 1024 * 1024

/** A longer log gets an object of its own. */
const LOG_BYTES_MAX = 256 * 1024

const READ_AT_ONCE = 25

/** A killed archiver is missed after this: builds are to be archived within 5 s of their end. */
const LOCK_MS = 3000

/**
 * Writes finished builds, many in one object, and only then takes those out of the set: a crash
 * between writes them again, into another segment, and the record names the last one.
 */
export async function archiveBuilds(context: Context): Promise<ArchiveResult> {
  const { store, keys } = context
  const result: ArchiveResult = { builds: 0, segments: 0, left: false, failed: [] }
  if (!store) return result
  const written = await withLock(context, keys.archiveLock, LOCK_MS, async () => {
    const ids = await dueMembers(context, keys.archive, BUILDS_MAX)
    for (const group of await groups(context, ids)) {
      for await (const segment of segments(context, store, group, result.failed)) {
        const key = `${group.folder}/${newId('s')}.ndjson.gz`
        await writeObject(store, key, segment.lines)
        await context.run('archived', key, ...segment.ids)
        result.builds += segment.ids.length
        result.segments += 1
      }
    }
    return { ...result, left: ids.length === BUILDS_MAX }
  })
  return written ?? result
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
  failed: ArchiveResult['failed'],
): AsyncGenerator<Segment> {
  let segment: Segment = { ids: [], lines: '' }
  for (let from = 0; from < group.ids.length; from += READ_AT_ONCE) {
    const ids = group.ids.slice(from, from + READ_AT_ONCE)
    const lines = await Promise.all(
      ids.map((id) =>
        toLine(context, store, group.folder, id).catch(async (error: unknown) => {
          await putOff(context, context.keys.archive, id, error)
          failed.push({ id, error })
          return undefined
        }),
      ),
    )
    for (const [place, line] of lines.entries()) {
      if (line === undefined) continue
      if (segment.ids.length > 0 && segment.lines.length + line.length > SEGMENT_CHARS_MAX) {
        yield segment
        segment = { ids: [], lines: '' }
      }
      segment.ids.push(ids[place] ?? '')
      segment.lines += line
    }
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
  await writeLog(store, key, chunks)
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
