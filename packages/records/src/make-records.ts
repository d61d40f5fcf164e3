import type { BuildReport } from '@packline/shared'
import { LIMITS, PacklineError } from '@packline/shared'
import type { Redis } from 'ioredis'
import { acceptBuilds, checkIdempotency } from './accept-builds.ts'
import { archiveBuilds } from './archive-builds.ts'
import { readObject } from './archive-object.ts'
import { readArchivedBuild } from './archived-build.ts'
import type { BuildRecord } from './build-record.ts'
import { cancelBatch, cancelBuild } from './cancel-builds.ts'
import { claimObjects } from './claim-objects.ts'
import type { Context } from './context.ts'
import { dropDependency, readUsers } from './drop-dependency.ts'
import { DEFAULT_PREFIX, makeKeys } from './keys.ts'
import { listBatches, listBuilds } from './list-builds.ts'
import type { Queues } from './queues.ts'
import { readBatch } from './read-batches.ts'
import { readBuild, readFields } from './read-builds.ts'
import {
  listDependencies,
  listRevisions,
  readDependency,
  readRevision,
} from './read-dependencies.ts'
import type { ArchiveStore, Records } from './records.ts'
import { remember } from './remember.ts'
import { restoreBuilds } from './restore-builds.ts'
import { beginBuild, endBuild, noteBuild } from './run-build.ts'
import { defineScripts } from './scripts.ts'
import { makeSubscriber } from './subscriber.ts'
import { sweepBuilds } from './sweep-builds.ts'
import { sweepObjects } from './sweep-objects.ts'
import { eventsAfter, logAfter, watchBatch, watchBuild, watchLog } from './watch.ts'
import { beatWorker, listWorkers, removeWorker } from './workers.ts'

/** Segments have some 4 MiB. */
const READS_KEPT = { most: 3, ms: 5000 }

/** Both connections stay the caller's; without a store nothing is archived. */
export interface RecordsOptions {
  redis: Redis
  /** With its hash tag; the same as the queues'. */
  prefix?: string
  queues: Queues
  store?: ArchiveStore
}

export function makeRecords(options: RecordsOptions): Records {
  const context = makeContext(options)
  const never = new AbortController().signal
  return {
    accept: (builds, accepting) => acceptBuilds(context, builds, accepting),
    claim: (keys) => claimObjects(context, keys),
    checkIdempotency: (tenant, idempotency) => checkIdempotency(context, tenant, idempotency),
    begin: (id, worker) => beginBuild(context, id, worker),
    note: (id, attempt, note) => noteBuild(context, id, attempt, note),
    finish: (id, attempt, outcome, last) => endBuild(context, id, attempt, outcome, last),
    cancel: (tenant, id, reason) => cancelBuild(context, tenant, id, reason),
    cancelBatch: (tenant, batch, reason) => cancelBatch(context, tenant, batch, reason),
    get: (tenant, id) => readBuild(context, tenant, id),
    request: (tenant, id) => readRequest(context, tenant, id),
    report: (tenant, id) => readReport(context, tenant, id),
    list: (tenant, filter, page = {}) => listBuilds(context, tenant, filter, page),
    getBatch: (tenant, batch) => readBatch(context, tenant, batch),
    listBatches: (tenant, page = {}) => listBatches(context, tenant, page),
    events: async (tenant, id, after = 0, limit = LIMITS.listPageMax) =>
      (await eventsAfter(context, tenant, id, after, limit)).items,
    log: async (tenant, id, after = 0, limit = LIMITS.listPageMax) =>
      (await logAfter(context, tenant, id, after, limit)).items,
    watchBuild: (tenant, id, after = 0, signal = never) =>
      watchBuild(context, tenant, id, after, signal),
    watchLog: (tenant, id, after = 0, signal = never) =>
      watchLog(context, tenant, id, after, signal),
    watchBatch: (tenant, batch, after = 0, signal = never) =>
      watchBatch(context, tenant, batch, after, signal),
    listDependencies: (tenant, page = {}) => listDependencies(context, tenant, page),
    dependency: (tenant, name) => readDependency(context, tenant, name),
    revision: (tenant, name, revision) => readRevision(context, tenant, name, revision),
    listRevisions: (tenant, name, page = {}) => listRevisions(context, tenant, name, page),
    users: (tenant, ref) => readUsers(context, tenant, ref),
    dropDependency: (tenant, name, revision) => dropDependency(context, tenant, name, revision),
    onCancel: (listener) =>
      context.subscriber.listen(
        context.keys.cancels,
        '*',
        (id) => id !== undefined && listener(id),
      ),
    beat: (worker, running = []) => beatWorker(context, worker, running),
    farewell: (worker) => removeWorker(context, worker),
    listWorkers: () => listWorkers(context),
    sweep: () => sweepBuilds(context),
    archive: () => archiveBuilds(context),
    sweepObjects: () => sweepObjects(context),
    restore: async () =>
      context.store ? restoreBuilds(context, context.store) : { segments: 0, builds: 0 },
    close: async () => context.subscriber.close(),
  }
}

function makeContext(options: RecordsOptions): Context {
  const prefix = options.prefix ?? DEFAULT_PREFIX
  if (prefix !== options.queues.prefix) {
    throw new PacklineError('BUG', `Queues have prefix ${options.queues.prefix}, records ${prefix}`)
  }
  return {
    redis: options.redis,
    keys: makeKeys(prefix),
    run: defineScripts(options.redis, prefix),
    queues: options.queues,
    store: options.store,
    readObject: remember((key) => readObject(options.store, key), READS_KEPT),
    subscriber: makeSubscriber(options.redis),
  }
}

async function readRequest(
  context: Context,
  tenant: string,
  id: string,
): Promise<Pick<BuildRecord, 'request' | 'sourceKey'>> {
  const fields = await readFields(context, tenant, id, ['request', 'sourceKey', 'archivedIn'])
  const sourceKey = fields.get('sourceKey')
  // Whoever asks will name the source anew: it stays even if this build is forgotten meanwhile.
  if (sourceKey) await claimObjects(context, [sourceKey])
  const request = fields.get('request')
  if (request !== undefined) {
    return { request: JSON.parse(request), sourceKey }
  }
  const { record } = await readArchivedBuild(context, fields.get('archivedIn') ?? '', id)
  return { request: record.request, sourceKey: record.sourceKey }
}

async function readReport(context: Context, tenant: string, id: string): Promise<BuildReport> {
  const fields = await readFields(context, tenant, id, ['report', 'archivedIn', 'state'])
  const text = fields.get('report')
  if (text !== undefined) return JSON.parse(text) as BuildReport
  const segment = fields.get('archivedIn')
  const archived = segment === undefined ? undefined : await readArchivedBuild(context, segment, id)
  if (archived?.report) return archived.report
  throw new PacklineError(
    'NOT_FOUND',
    `The build ${id} is ${fields.get('state')}: it has no report`,
    {
      hint: 'A build that was made, or failed by its content, has one when it has ended.',
    },
  )
}
