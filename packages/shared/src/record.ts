import type { BatchCounts, BuildState, SplitPackage, StoredPackage } from './event.ts'
import type { Failure } from './failure.ts'
import type { VerdictReason } from './finding.ts'
import type { BuildRequest } from './request.ts'
import type { RuntimeName } from './runtimes.ts'
import type { SourcePin } from './source.ts'

/** The version of everything that is stored: records, job data, archived segments. */
export const SCHEMA_VERSION = 1

/** A build as a reader sees it. Times are ISO 8601, UTC. */
export interface BuildView {
  id: string
  /** What was asked for; a dependency package's name stands in `function`, too. */
  kind: 'function' | 'dependency'
  function: string
  runtime: RuntimeName
  version: string
  state: BuildState
  queue: string
  batch?: string
  retryOf?: string
  labels?: Record<string, string>
  priority: 'interactive' | 'bulk'
  attempt: number
  createdAt: string
  startedAt?: string
  finishedAt?: string
  /** Set while no live worker takes the queue, such as "a worker with java 21". */
  waitingFor?: string
  worker?: string
  pin?: SourcePin
  package?: StoredPackage
  /** Of a dependency package. */
  revision?: number
  /** What `build.split` put apart. */
  split?: SplitPackage
  verdict?: VerdictReason
  findings?: number
  failure?: Failure
  cancelReason?: string
  request?: BuildRequest
}

export interface BatchView {
  id: string
  createdAt: string
  labels?: Record<string, string>
  counts: BatchCounts
  /** True when no build of it is queued or running. */
  finished: boolean
}

/** A worker that reported within the last seconds. */
export interface WorkerView {
  id: string
  host: string
  pid: number
  startedAt: string
  seenAt: string
  queues: string[]
  /** Queues of the profile that it does not take: what it lacks for them, and how to get it. */
  lacks: Record<string, string>
  buildsMax: number
  toolSlots: number
  running: number
  tools: Record<string, string>
  isolation: string
  /** Builds with records of this version and older are for it; the records say it of themselves. */
  schema?: number
}
