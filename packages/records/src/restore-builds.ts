import { dependencyRef } from '@packline/shared'
import { answer } from './answer.ts'
import { parseArchived } from './archived-build.ts'
import type { BuildRecord } from './build-record.ts'
import type { Context } from './context.ts'
import { dependencyArguments } from './dependency-arguments.ts'
import { labelKey } from './keys.ts'
import type { MadeDependency } from './outcome.ts'
import { fixedOf } from './record-view.ts'
import type { ArchiveStore, RestoreResult } from './records.ts'

const RESTORED_AT_ONCE = 100

/**
 * Finds finished builds again from the store alone: reads every segment that Redis does not know,
 * which is none unless Redis was emptied or is older than the store. May be repeated and stopped at
 * any time. Throws STORE_UNAVAILABLE where a segment can not be read.
 */
export async function restoreBuilds(
  context: Context,
  store: ArchiveStore,
): Promise<Omit<RestoreResult, 'things'>> {
  const { redis, keys } = context
  const result = { segments: 0, builds: 0 }
  for await (const { key } of store.list('builds/')) {
    if (!key.endsWith('.ndjson.gz')) continue
    if ((await answer(redis.sismember(keys.segments, key))) === 1) continue
    const lines = (await context.readObject(key)).split('\n').filter((line) => line !== '')
    for (let from = 0; from < lines.length; from += RESTORED_AT_ONCE) {
      const some = lines.slice(from, from + RESTORED_AT_ONCE)
      const made = await Promise.all(some.map((line) => restore(context, key, line)))
      result.builds += made.filter(Boolean).length
    }
    await answer(redis.sadd(keys.segments, key))
    result.segments += 1
  }
  return result
}

async function restore(context: Context, segment: string, line: string): Promise<boolean> {
  const { record } = parseArchived(line)
  const labels = Object.entries(record.labels ?? {})
  const made = await context.run(
    'restore',
    record.id,
    record.tenant,
    record.state,
    record.function,
    segment,
    record.batch ?? '',
    record.createdAt,
    record.finishedAt ?? '',
    resultOf(record),
    record.sourceKey ?? '',
    record.request.type === 'dependency' ? 'dependency' : '',
    (record.request.dependencies ?? []).map(dependencyRef).join(' '),
    Date.parse(record.finishedAt ?? record.createdAt),
    ...madeArguments(record),
    labels.length,
    ...labels.map(([name, value]) => labelKey({ name, value })),
    ...fieldsOfRecord(record),
  )
  return made === 1
}

/** With the revision that the dependency package had, the next one or not. */
function madeArguments(record: BuildRecord): (string | number)[] {
  const { id, finishedAt = record.createdAt, revision = '' } = record
  const [name, own, same, json] = dependencyArguments(madeBy(record), id, finishedAt)
  return [name, own || revision, same, json]
}

function madeBy({ request, ...ended }: BuildRecord): MadeDependency | undefined {
  const { runtime, version, architecture } = request
  const target = { runtime, version, architecture }
  if (ended.split) return { ...target, ...ended.split }
  if (ended.revision === undefined || !ended.package) return undefined
  return { ...target, name: ended.function, package: ended.package }
}

function resultOf(record: BuildRecord): string {
  const { package: stored, verdict, findings, failure, cancelReason } = record
  const { split, revision, number } = record
  const ended = { package: stored, verdict, findings, failure, cancelReason, split, revision }
  // The number comes last: the script looks for it there.
  return JSON.stringify({ ...ended, number })
}

function fieldsOfRecord(record: BuildRecord): string[] {
  const { queue, priority, attempt, startedAt, worker, pin, status } = record
  const view = fixedOf(record, record.createdAt, record.schema)
  const fields = { view, queue, priority, attempt: String(attempt), startedAt, worker }
  const pinned = pin && { pin: JSON.stringify(pin) }
  const told = status && { status: JSON.stringify(status) }
  return Object.entries({ ...fields, ...pinned, ...told }).flatMap(([name, value]) =>
    value === undefined ? [] : [name, value],
  )
}
