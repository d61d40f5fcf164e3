import type {
  BatchView,
  BuildEvent,
  BuildReport,
  BuildRequest,
  BuildView,
  DependencyRevision,
  DependencyUsers,
  DependencyView,
  WorkerView,
} from '@packline/shared'
import type { ApiKeys } from './api-keys/api-keys.ts'
import type { AuditLog } from './audit/audit-log.ts'
import type { AcceptOptions, AcceptResult, BuildRecord, NewBuild } from './build-record.ts'
import type { Credentials } from './credentials/credentials.ts'
import type { Expansions } from './expansions/expansions.ts'
import type { Functions } from './functions/functions.ts'
import type { Hooks } from './hooks/hooks.ts'
import type { BatchEvent, ListFilter, LogChunk, Page, PageOptions } from './listing.ts'
import type { Notices } from './notices/notices.ts'
import type { Beginning, NewEvent, Note, Outcome } from './outcome.ts'
import type { Admitting } from './requests/admit-requests.ts'
import type { OpenRequest } from './sealed-source.ts'

/**
 * The truth about builds. Every call fails with RECORDS_UNAVAILABLE within two seconds when Redis
 * is away. Calls that name a tenant answer NOT_FOUND for what belongs to another.
 */
export interface Records {
  /**
   * Writes records, indexes, idempotency key and batch in one script, then adds the jobs. Throws
   * IDEMPOTENCY_MISMATCH, and DEPENDENCY_PACKAGE_NOT_FOUND where a revision is there no more. Once
   * it returned, every build ends in a terminal state.
   */
  accept(builds: NewBuild[], options: AcceptOptions): Promise<AcceptResult>

  /**
   * Before a source is stored or looked for that a build will name: it is not swept for a day.
   * Throws STORE_UNAVAILABLE while one of the objects is being removed: try again in a moment.
   */
  claim(keys: string[]): Promise<void>
  /** What `accept` would replay; IDEMPOTENCY_MISMATCH, before anything was stored for it. */
  checkIdempotency(
    tenant: string,
    idempotency: AcceptOptions['idempotency'],
  ): Promise<AcceptResult | undefined>
  /** Answers how to let go. IDEMPOTENCY_IN_USE while another request with the key is worked on. */
  holdIdempotency(tenant: string, key: string): Promise<() => Promise<void>>
  /** For what is no build: `checkIdempotency` has it for a day, as `answer`. */
  keepAnswer(
    tenant: string,
    idempotency: NonNullable<AcceptOptions['idempotency']>,
    answer: unknown,
  ): Promise<void>

  /** A worker's first act with a job: counts an attempt. `worker` is its id. */
  begin(id: string, worker: string): Promise<Beginning>
  /** For the worker that has begun it. Throws SECRETS_LOCKED. */
  openRequest(record: BuildRecord): OpenRequest
  /** refused: another attempt has begun or the build has ended; nothing was written, stop. */
  note(id: string, attempt: number, note: Note): Promise<'ok' | 'refused'>
  /**
   * The last await of a job. The event of the outcome is added here, after `last`. `ok: false`:
   * refused as in `note`. `released`: bulk builds that were added because this one made room.
   */
  finish(
    id: string,
    attempt: number,
    outcome: Outcome,
    last?: { events?: NewEvent[]; log?: string[] },
  ): Promise<{ ok: boolean; released: string[] }>

  /** Ends a queued or running build; cancelling twice is fine, CONFLICT when it ended otherwise. */
  cancel(tenant: string, id: string, reason: string): Promise<BuildView>
  /** Its expansion, too: there come no more builds. */
  cancelBatch(tenant: string, batch: string, reason: string): Promise<{ cancelled: number }>

  /** Never asks the store: has its request only until it was archived. */
  get(tenant: string, id: string): Promise<BuildView>
  /** What a retry needs; from the store once archived (then STORE_UNAVAILABLE is possible). */
  request(tenant: string, id: string): Promise<{ request: BuildRequest; sourceKey?: string }>
  /** Without requests. */
  list(tenant: string, filter: ListFilter, page?: PageOptions): Promise<Page<BuildView>>
  getBatch(tenant: string, batch: string): Promise<BatchView>
  listBatches(
    tenant: string,
    filter?: Pick<ListFilter, 'label'>,
    page?: PageOptions,
  ): Promise<Page<BatchView>>
  /** All of a batch, in the order asked, without requests. */
  batchMembers(tenant: string, batch: string): AsyncIterable<BuildView>
  /** NOT_FOUND while there is none. */
  report(tenant: string, id: string): Promise<BuildReport>
  /** Events after `afterSeq` (0: all), at most `limit`. */
  events(tenant: string, id: string, afterSeq?: number, limit?: number): Promise<BuildEvent[]>
  log(tenant: string, id: string, afterSeq?: number, limit?: number): Promise<LogChunk[]>

  /**
   * Replays from `afterSeq`, then follows; ends after the terminal event or when `signal` aborts.
   * What a slow reader has not taken is not kept in memory but read again, so it costs no more.
   */
  watchBuild(
    tenant: string,
    id: string,
    afterSeq?: number,
    signal?: AbortSignal,
  ): AsyncIterable<BuildEvent>
  /** Log chunks, ended with the build. */
  watchLog(
    tenant: string,
    id: string,
    afterSeq?: number,
    signal?: AbortSignal,
  ): AsyncIterable<LogChunk>
  /** State changes with counts, ended when no build is queued, running or to come. */
  watchBatch(
    tenant: string,
    batch: string,
    afterSeq?: number,
    signal?: AbortSignal,
  ): AsyncIterable<BatchEvent>

  /** Dependency packages by name; each is there as long as it has a revision. */
  listDependencies(tenant: string, page?: PageOptions): Promise<Page<DependencyView>>
  dependency(tenant: string, name: string): Promise<DependencyView>
  /** One revision, by default the newest. */
  revision(tenant: string, name: string, revision?: number): Promise<DependencyRevision>
  /** Newest first. */
  listRevisions(tenant: string, name: string, page?: PageOptions): Promise<Page<DependencyRevision>>
  users(tenant: string, ref: { name: string; revision: number }): Promise<DependencyUsers>
  /**
   * One revision or all; the objects stay for the sweep. CONFLICT while an unfinished build or the
   * newest package of a function uses one.
   */
  dropDependency(tenant: string, name: string, revision?: number): Promise<{ dropped: number }>

  /** Keys that callers send. */
  apiKeys: ApiKeys
  /** How much each key may ask for. */
  admit: Admitting['admit']
  /** Who did what. */
  audit: AuditLog
  /** What lets builds read sources that are not everybody's. */
  credentials: Credentials
  /** What becomes builds when a repository was read. */
  expansions: Expansions
  /** What is told outside: callbacks and commit statuses. */
  notices: Notices
  /** Bindings of repositories, and what git servers told them. */
  hooks: Hooks
  functions: Functions

  /** Called with the id of each build that was cancelled; answers how to stop listening. */
  onCancel(listener: (id: string) => void): () => void
  /**
   * A worker says every few seconds that it lives and what it works on (key with a TTL of
   * WORKER_TTL_MS); answers those builds whose attempt is stale or that have ended: stop them.
   */
  beat(worker: WorkerView, running?: { id: string; attempt: number }[]): Promise<{ stop: string[] }>
  /** A worker that stops for good takes itself off the list. */
  farewell(worker: string): Promise<void>
  listWorkers(): Promise<WorkerView[]>

  /** Mends what a crash left; called by API and workers every few seconds, from any process. */
  sweep(): Promise<SweepResult>
  /** Writes finished builds to the store; called by workers every second or so. */
  archive(): Promise<ArchiveResult>
  /**
   * Writes what else lasts, and has changed, to the store; called by workers every second or so. A
   * Redis that was emptied is filled from the store first.
   */
  keep(): Promise<KeepResult>
  /** Removes old objects that nothing names; called by workers now and then, from any process. */
  sweepObjects(): Promise<ObjectSweep | undefined>
  /** Finds again what only the store has: finished builds, and what else lasts. */
  restore(): Promise<RestoreResult>
  /** Ends the connection for watching; the ones handed in stay open. */
  close(): Promise<void>
}

/** How many builds and expansions a sweep looked at, 500 at most in one call, and what it did. */
export interface SweepResult {
  checked: number
  /** Jobs that were missing and were added. */
  added: number
  poisoned: number
  /** Builds that were told that no live worker takes their queue. */
  waiting: number
  noWorker: number
}

/**
 * `left`: whether more builds wait to be archived. `failed`: builds whose records can not be read;
 * they are tried again after an hour and hold no other up.
 */
export interface ArchiveResult {
  builds: number
  segments: number
  left: boolean
  failed: { id: string; error: unknown }[]
}

/** As `ArchiveResult`. `restored`: what an emptied Redis was filled with before. */
export interface KeepResult {
  written: number
  left: boolean
  failed: { thing: string; error: unknown }[]
  restored?: RestoreResult
}

/** `restored`: builds and things that Redis did not know of; `removed`: objects. */
export interface ObjectSweep {
  restored: number
  removed: number
}

/**
 * Segments that Redis did not know, the builds of them that it did not know, and what else lasts:
 * functions, dependency packages, and a tenant's hooks or credentials.
 */
export interface RestoreResult {
  segments: number
  builds: number
  things: number
}

export interface StoredKey {
  key: string
  modifiedAt: Date
}

/** The part of an object store that the archive needs; `get` answers undefined when missing. */
export interface ArchiveStore {
  list(prefix: string): AsyncIterable<StoredKey>
  remove(key: string): Promise<void>
  put(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>
  get(key: string, signal: AbortSignal): Promise<Uint8Array | undefined>
}
