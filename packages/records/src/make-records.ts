import type { BuildReport } from '@packline/shared'
import { failed, LIMITS, PacklineError } from '@packline/shared'
import type { Redis } from 'ioredis'
import { acceptBuilds } from './accept-builds.ts'
import { makeApiKeys } from './api-keys/make-api-keys.ts'
import { archiveBuilds } from './archive-builds.ts'
import { readObject } from './archive-object.ts'
import { readArchivedBuild } from './archived-build.ts'
import { makeAuditLog } from './audit/audit-log.ts'
import { batchMembers } from './batch-members.ts'
import type { BuildRecord } from './build-record.ts'
import { cancelBatch, cancelBuild } from './cancel-builds.ts'
import { claimObjects } from './claim-objects.ts'
import type { Context } from './context.ts'
import { makeCredentials } from './credentials/make-credentials.ts'
import { dropDependency, readUsers } from './drop-dependency.ts'
import { makeExpansions } from './expansions/make-expansions.ts'
import { makeFunctions } from './functions/make-functions.ts'
import { holdIdempotency } from './hold-idempotency.ts'
import { makeHooks } from './hooks/make-hooks.ts'
import { checkIdempotency, keepAnswer } from './idempotency.ts'
import { DEFAULT_PREFIX, makeKeys } from './keys.ts'
import { writeThings } from './lasting/write-things.ts'
import { listBatches, listBuilds } from './list-builds.ts'
import { makeNotices, sweepNotices } from './notices/make-notices.ts'
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
import { makeAdmitting } from './requests/admit-requests.ts'
import { oneAtATime, restoreAll } from './restore-all.ts'
import { beginBuild, endBuild, noteBuild } from './run-build.ts'
import { defineScripts } from './scripts.ts'
import { makeSeal } from './seal.ts'
import { openRequest } from './sealed-source.ts'
import { makeSubscriber } from './subscriber.ts'
import { sweepBuilds } from './sweep-builds.ts'
import { sweepObjects } from './sweep-objects.ts'
import { noSuch } from './texts/no-such.ts'
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
  /** Without it nothing secret can be kept: 32 bytes, base64. */
  secretKey?: string
}

export function makeRecords(options: RecordsOptions): Records {
  const context = makeContext(options)
  const never = new AbortController().signal
  const admitting = makeAdmitting(context)
  return {
    accept: (builds, accepting) => acceptBuilds(context, builds, accepting),
    claim: (keys) => claimObjects(context, keys),
    checkIdempotency: (tenant, idempotency) => checkIdempotency(context, tenant, idempotency),
    holdIdempotency: (tenant, key) => holdIdempotency(context, tenant, key),
    keepAnswer: (tenant, idempotency, given) => keepAnswer(context, tenant, idempotency, given),
    begin: (id, worker) => beginBuild(context, id, worker),
    openRequest: (record) => openRequest(context, record),
    note: (id, attempt, note) => noteBuild(context, id, attempt, note),
    finish: (id, attempt, outcome, last) => endBuild(context, id, attempt, outcome, last),
    cancel: (tenant, id, reason) => cancelBuild(context, tenant, id, reason),
    cancelBatch: (tenant, batch, reason) => cancelBatch(context, tenant, batch, reason),
    get: (tenant, id) => readBuild(context, tenant, id),
    request: (tenant, id) => readRequest(context, tenant, id),
    report: (tenant, id) => readReport(context, tenant, id),
    list: (tenant, filter, page = {}) => listBuilds(context, tenant, filter, page),
    getBatch: (tenant, batch) => readBatch(context, tenant, batch),
    listBatches: (tenant, filter = {}, page = {}) => listBatches(context, tenant, filter, page),
    batchMembers: (tenant, batch) => batchMembers(context, tenant, batch),
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
    apiKeys: makeApiKeys(context),
    admit: admitting.admit,
    audit: makeAuditLog(context),
    credentials: makeCredentials(context),
    expansions: makeExpansions(context),
    notices: makeNotices(context),
    hooks: makeHooks(context),
    functions: makeFunctions(context),
    onCancel: (listener) =>
      context.subscriber.listen(
        context.keys.cancels,
        '*',
        (id) => id !== undefined && listener(id),
      ),
    beat: (worker, running = []) => beatWorker(context, worker, running),
    farewell: (worker) => removeWorker(context, worker),
    listWorkers: () => listWorkers(context),
    sweep: async () => {
      await sweepNotices(context)
      return sweepBuilds(context)
    },
    archive: () => archiveBuilds(context),
    keep: () => writeThings(context),
    sweepObjects: () => sweepObjects(context),
    restore: context.restore,
    close: async () => {
      admitting.close()
      context.subscriber.close()
    },
  }
}

function makeContext(options: RecordsOptions): Context {
  const prefix = options.prefix ?? DEFAULT_PREFIX
  if (prefix !== options.queues.prefix) {
    throw new PacklineError('BUG', `Queues have prefix ${options.queues.prefix}, records ${prefix}`)
  }
  const context: Context = {
    redis: options.redis,
    keys: makeKeys(prefix),
    run: defineScripts(options.redis, prefix),
    queues: options.queues,
    store: options.store,
    readObject: remember((key) => readObject(options.store, key), READS_KEPT),
    restore: oneAtATime(() => restoreAll(context)),
    seal: makeSeal(options.secretKey),
    subscriber: makeSubscriber(options.redis),
  }
  return context
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
  throw failed('NOT_FOUND', noSuch.report(id, fields.get('state')))
}
