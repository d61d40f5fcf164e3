/** The installation's hash tag: every key is in one Cluster slot, so scripts may touch them all. */
export const DEFAULT_PREFIX = '{packline}'

/**
 * Every key name; `scripts/prelude.lua` builds the same ones. BullMQ's keys start with the same
 * prefix and a queue's name, so no kind in here may be the name of a queue.
 */
export function makeKeys(prefix: string) {
  const key = (kind: string, id: string) => `${prefix}:${kind}:${id}`
  return {
    /** Hash: the record. */
    build: (id: string) => key('build', id),
    /** List: one JSON event per element, `seq` is the place, from 1. */
    events: (id: string) => key('events', id),
    /** List: chunks of log lines. */
    log: (id: string) => key('log', id),
    /** Hash: labels and counts. */
    batch: (id: string) => key('batch', id),
    /** List: `build state total queued running succeeded failed cancelled`, one per change. */
    batchEvents: (id: string) => key('batch-events', id),
    /** Sorted sets of build ids, all scores 0: ids sort by time. */
    index: (tenant: string, of: IndexOf) => key('index', `${tenant}:${nameOf(of)}`),
    /** Sorted set of batch ids. */
    batches: (tenant: string) => key('batches', tenant),
    /** String: fingerprint and answer, expires after a day. */
    idempotency: (tenant: string, digest: string) => key('idempotency', `${tenant}:${digest}`),
    /** Hash: revision -> JSON; `of:REVISION` and `same:WHAT` tell what equal bytes are known by. */
    dependency: (tenant: string, name: string) => key('dependency', `${tenant}:${name}`),
    /** Sorted set: the revisions that are there, by number. */
    revisions: (tenant: string, name: string) => key('revisions', `${tenant}:${name}`),
    /** Sorted set of names, all scores 0. */
    dependencies: (tenant: string) => key('dependencies', tenant),
    /** Hash: name -> the highest revision ever given; stays when all are deleted. */
    revisionCounts: (tenant: string) => key('revision-counts', tenant),
    /** Set: `build ID` and `function NAME` of those who use NAME@REVISION. */
    dependencyUsers: (tenant: string, ref: string) => key('dependency-users', `${tenant}:${ref}`),
    /** Hash: function -> its newest succeeded build, then what that uses, separated by spaces. */
    latest: (tenant: string) => key('latest', tenant),
    /** Hash: what no live worker takes (queue and schema), and since when in ms. */
    absent: `${prefix}:absent`,
    /** Sorted set: unfinished builds, but for held ones, by when the sweep looks at them next. */
    unfinished: `${prefix}:unfinished`,
    /** Sorted set: finished builds that are not archived, by the time they ended. */
    archive: `${prefix}:archive`,
    archiveLock: `${prefix}:archive-lock`,
    /** Set: segments of the archive whose builds have records. */
    segments: `${prefix}:segments`,
    /** Sorted set: sources that somebody is about to name, by the time in ms. */
    claims: `${prefix}:claims`,
    /** Set: objects, and folders of packages, whose unnamed ones are being removed. */
    condemned: `${prefix}:condemned`,
    objectsLock: `${prefix}:objects-lock`,
    /** String that expires when all objects are to be looked at again. */
    objectsSwept: `${prefix}:objects-swept`,
    /** Sorted set: worker ids by their last beat. */
    workers: `${prefix}:workers`,
    worker: (id: string) => key('worker', id),
    /** Channels: events of builds, events of batches, ids of cancelled builds. */
    changes: `${prefix}:changes`,
    batchChanges: `${prefix}:batch-changes`,
    cancels: `${prefix}:cancels`,
  }
}

export type Keys = ReturnType<typeof makeKeys>

/** What a build is found by. */
export type IndexOf =
  | 'all'
  /** Those with a source in the store. */
  | 'sources'
  | { state: string }
  | { function: string }
  | { dependency: string }
  | { batch: string }
  | { label: string }

/** `name=value`: a name holds no equals sign. */
export function labelKey(label: { name: string; value: string }): string {
  return `${label.name}=${label.value}`
}

function nameOf(of: IndexOf): string {
  if (typeof of === 'string') return of
  const [[kind, value] = ['', '']] = Object.entries(of)
  return `${kind}:${value}`
}
