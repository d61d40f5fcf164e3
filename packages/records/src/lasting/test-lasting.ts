import type { DraftEntry, FunctionSettings } from '@packline/shared'
import type { Redis } from 'ioredis'
import { makeRecords } from '../make-records.ts'
import type { ArchiveStore, Records } from '../records.ts'
import { newBuild, removeKeys, SUCCEEDED, type TestInstallation } from '../test-installation.ts'
import { versionOfKey } from './lasting.ts'

export const SETTINGS: FunctionSettings = {
  type: 'event',
  runtime: 'nodejs',
  version: '20.15',
  architecture: 'x86_64',
  handler: 'index.handler',
  build: { load: false, timeoutSeconds: 900 },
}

export const file = (sha256: string): DraftEntry => ({ kind: 'file', size: 1, sha256 })

/** As if the time were over for which changes are gathered. */
export async function makeAllDue({ redis, keys }: TestInstallation): Promise<void> {
  const due = await redis.zrange(keys.lastingDue, '0', '-1')
  if (due.length > 0) await redis.zadd(keys.lastingDue, ...due.flatMap((thing) => [0, thing]))
}

/** All that has changed is in the store. */
export async function keepAll(all: TestInstallation): Promise<void> {
  await makeAllDue(all)
  while ((await all.records.keep()).left);
}

/** All is in the store, and Redis has lost everything. */
export async function loseRedis(all: TestInstallation): Promise<void> {
  await keepAll(all)
  while ((await all.records.archive()).left);
  await removeKeys(all.redis, all.prefix)
}

/** A build of a function that has succeeded. */
export async function succeeded(records: Records, name: string): Promise<string> {
  const [id = ''] = (await records.accept([newBuild(name)], { tenant: 'acme' })).ids
  await records.begin(id, 'w1')
  await records.finish(id, 1, SUCCEEDED)
  return id
}

export async function saveDraft(records: Records, name: string, files: Record<string, string>) {
  const before = await records.functions.draft('acme', name)
  const entries = new Map(Object.entries(files).map(([path, sha256]) => [path, file(sha256)]))
  await records.functions.saveDraft('acme', name, before, { entries })
}

/** All that is in the store is all that is left. */
export async function afterLoss({ records, redis, prefix }: TestInstallation): Promise<void> {
  await removeKeys(redis, prefix)
  await records.restore()
}

/** What `a.js` of the draft holds. */
export async function contentOf({ records }: TestInstallation, name = 'hello') {
  const draft = await records.functions.draft('acme', name)
  return draft.entries.get('a.js')?.sha256
}

/** Of all things that are in the store. */
export async function versionsOf({ store }: TestInstallation): Promise<number[]> {
  const found: number[] = []
  for await (const { key } of store.list('lasting/')) {
    const { version = 0 } = versionOfKey(key) ?? {}
    found.push(version)
  }
  return found.sort()
}

/** Another process, whose calls of Redis or of the store are seen or changed. */
export function processWith(
  all: TestInstallation,
  changes: { store?: Partial<ArchiveStore>; redis?: Redis },
): Records {
  const { prefix, queues, redis } = all
  return makeRecords({
    redis,
    prefix,
    queues,
    ...changes,
    store: { ...all.store, ...changes.store },
  })
}
