import {
  type DraftArchive,
  type DraftEntry,
  type FunctionSettings,
  STORE_KEYS,
} from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { change } from '../lasting/change.ts'
import type { Draft, DraftContent } from './functions.ts'
import { noFunction } from './not-found.ts'

/** Version and entries of one moment. */
export async function readDraft(context: Context, tenant: string, name: string): Promise<Draft> {
  const { redis, keys } = context
  const replies = await answer(
    redis
      .multi()
      .hmget(keys.function(tenant, name), 'draft', 'settings', 'archive')
      .hgetall(keys.draft(tenant, name))
      .exec(),
  )
  const [record, entries] = (replies ?? []).map(([error, value]) => {
    if (error) throw error
    return value
  }) as [(string | null)[], Record<string, string>]
  const [version, settings, archive] = record
  if (!version || !settings) throw noFunction(name)
  const parsed = Object.entries(entries).map(
    ([path, text]) => [path, JSON.parse(text) as DraftEntry] as const,
  )
  return {
    runtime: (JSON.parse(settings) as FunctionSettings).runtime,
    version: Number(version),
    entries: new Map(parsed.sort(([one], [other]) => (one < other ? -1 : 1))),
    ...(archive && { archive: JSON.parse(archive) as DraftArchive }),
  }
}

/** Sends what differs only; entries that are the very same object are not looked into. */
export async function saveDraft(
  context: Context,
  tenant: string,
  name: string,
  before: Draft,
  { entries, archive }: DraftContent,
): Promise<number | undefined> {
  const gone = [...before.entries.keys()].filter((path) => !entries.has(path))
  const isEmptied = gone.length === before.entries.size
  const set = [...entries].filter(([path, entry]) => before.entries.get(path) !== entry)
  const files = archive?.entries ?? [...entries.values()].filter(isFile).length
  const bytes = archive?.unpackedSize ?? sumOf(entries)
  const [what, version] = (await change(
    context,
    'functions/save',
    tenant,
    name,
    before.version,
    new Date().toISOString(),
    entries.size,
    files,
    bytes,
    archive ? JSON.stringify(archive) : '',
    isEmptied ? '1' : '',
    isEmptied ? 0 : gone.length,
    ...(isEmptied ? [] : gone),
    ...set.flatMap(([path, entry]) => [path, JSON.stringify(entry)]),
  )) as [string, number?]
  if (what === 'missing') throw noFunction(name)
  return what === 'saved' ? Number(version) : undefined
}

/** Keys of all that the tenant's drafts hold: contents, and archives that are not opened. */
export async function namesOfDrafts({ redis, keys }: Context, tenant: string): Promise<string[]> {
  const names: string[] = []
  for (const name of await answer(redis.zrange(keys.functions(tenant), '0', '-1'))) {
    const [entries, archive] = await answer(
      Promise.all([
        redis.hvals(keys.draft(tenant, name)),
        redis.hget(keys.function(tenant, name), 'archive'),
      ]),
    )
    for (const text of entries) {
      const { sha256 } = JSON.parse(text) as DraftEntry
      if (sha256) names.push(STORE_KEYS.draftFile(tenant, sha256))
    }
    if (archive === null) continue
    names.push(STORE_KEYS.upload(tenant, (JSON.parse(archive) as DraftArchive).upload, 'zip'))
  }
  return names
}

function isFile({ kind }: DraftEntry): boolean {
  return kind !== 'folder'
}

function sumOf(entries: DraftContent['entries']): number {
  return [...entries.values()].reduce((sum, { size }) => sum + size, 0)
}
