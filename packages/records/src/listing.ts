import type { BatchCounts, BuildState, BuildView } from '@packline/shared'

/** All given conditions hold. Times are Date values, `after` included, `before` not. */
export interface ListFilter {
  state?: BuildState
  function?: string
  /** Builds of the dependency package of this name. */
  dependency?: string
  batch?: string
  label?: { name: string; value: string }
  after?: Date
  before?: Date
}

export interface PageOptions {
  /** `next` of the page before. */
  cursor?: string
  /** At most LIMITS.listPageMax. */
  limit?: number
}

/** Newest first. A page may be short, even empty, and still have a `next`: scans are bounded. */
export interface Page<T = BuildView> {
  items: T[]
  next?: string
}

/**
 * One change of one build of a batch, with the counts after it; `seq` counts 1, 2, 3 per batch. Or
 * the end of the expansion that makes its builds.
 */
export interface BatchEvent {
  seq: number
  build?: string
  expansion?: string
  state: BuildState
  counts: BatchCounts
  /** More builds are to come. */
  expanding?: true
}

/** Lines of at most LIMITS.logChunkBytesMax bytes, each ended by a line feed; `seq` from 1. */
export interface LogChunk {
  seq: number
  text: string
}
