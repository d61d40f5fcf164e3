import { createHash } from 'node:crypto'
import { functionKeys } from './functions/function-keys.ts'

/** The installation's hash tag: every key is in one Cluster slot, so scripts may touch them all. */
export const DEFAULT_PREFIX = '{packline}'

/**
 * Every key name; `scripts/prelude.lua` builds the same ones. BullMQ's keys start with the same
 * prefix and a queue's name, so no kind in here may be the name of a queue.
 */
export function makeKeys(prefix: string) {
  const key = (kind: string, id: string) => `${prefix}:${kind}:${id}`
  return {
    ...hookKeys(key),
    ...callerKeys(key),
    /** Hash: the record. */
    build: (id: string) => key('build', id),
    /** List: one JSON event per element, `seq` is the place, from 1. */
    events: (id: string) => key('events', id),
    /** List: chunks of log lines. */
    log: (id: string) => key('log', id),
    /** Hash: what becomes builds when its repository was read. */
    expansion: (id: string) => key('expansion', id),
    /** Hash: labels and counts. */
    batch: (id: string) => key('batch', id),
    /** List: `id state total queued running succeeded failed cancelled [expanding]` each. */
    batchEvents: (id: string) => key('batch-events', id),
    /** Sorted sets of build ids, all scores 0: ids sort by time. */
    index: (tenant: string, of: IndexOf) => key('index', `${tenant}:${nameOf(of)}`),
    /** List: builds that are not made yet; set: `batch staging` of those that are being made. */
    staged: (staging: string) => key('staged', staging),
    unfolding: `${prefix}:unfolding`,
    /** Sorted set of batch ids. */
    batches: (tenant: string) => key('batches', tenant),
    /** String: fingerprint and answer, expires after a day. */
    idempotency: (tenant: string, given: string) => key('idempotency', digested(tenant, given)),
    /** String: who works on the first request with it. */
    idempotencyHeld: (tenant: string, given: string) =>
      key('idempotency-held', digested(tenant, given)),
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
    /** Hash: name -> JSON, sealed but for what it is for. */
    credentials: (tenant: string) => key('credentials', tenant),
    ...topicKeys(prefix),
    /** Hash: what no live worker takes (queue and schema), and since when in ms. */
    absent: `${prefix}:absent`,
    /** Sorted set: unfinished builds and expansions, not held ones, by the sweep's next look. */
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

/** Those of topics of their own. */
function topicKeys(prefix: string) {
  return {
    ...functionKeys(prefix),
    ...lastingKeys(prefix),
    /** Channel: ids of keys of the API that are taken no more. */
    revokedKeys: `${prefix}:revoked-keys`,
    /** Hash: something that is told outside, and how that went. */
    notice: (id: string) => `${prefix}:notice:${id}`,
    /** Sorted set: notices that are pending, by when the sweep looks at them next. */
    notices: `${prefix}:notices`,
  }
}

/** A thing is what lasts without Redis: `kind tenant name`. */
function lastingKeys(prefix: string) {
  return {
    /** Hash: thing -> its version. */
    lastingVersions: `${prefix}:lasting-versions`,
    /** Sorted set: things that are to be written to the store, by when. */
    lastingDue: `${prefix}:lasting-due`,
    /** String: all that the store has is in this Redis. */
    lastingKnown: `${prefix}:lasting-known`,
    /** String: somebody is reading all of it; gone when Redis was emptied meanwhile. */
    lastingReading: (token: string) => `${prefix}:lasting-reading:${token}`,
    lastingLock: `${prefix}:lasting-lock`,
  }
}

type MakeKey = (kind: string, id: string) => string

function hookKeys(key: MakeKey) {
  return {
    /** Hash: a binding, its secrets sealed. */
    hook: (id: string) => key('hook', id),
    /** Sorted set of hook ids. */
    hooks: (tenant: string) => key('hooks', tenant),
    /** List of the last deliveries' ids, newest first; hash: id -> JSON. */
    hookDeliveries: (hook: string) => key('hook-deliveries', hook),
    hookDelivery: (hook: string) => key('hook-delivery', hook),
    /**
     * Hash: `#` is the number of the newest push, `@` number and commit up to which all were worked
     * off, each function `number build` of its newest.
     */
    pushes: (hook: string, ref: string) => key('pushes', `${hook}:${ref}`),
  }
}

/** Of who asks: keys of the API, what each asks for just now, and what was done with it. */
function callerKeys(key: MakeKey) {
  return {
    /** Hash: a key of the API, of which only a digest is kept. */
    apiKey: (id: string) => key('api-key', id),
    /** Sorted set of ids of keys, all scores 0. */
    apiKeys: (tenant: string) => key('api-keys', tenant),
    /** String: how many requests there were, expires with the minute. */
    requests: (apiKey: string, minute: number) => key('requests', `${apiKey}:${minute}`),
    /** Sorted set: requests that are open, by when they count no more. */
    openRequests: (apiKey: string) => key('open-requests', apiKey),
    /** Stream: who did what. */
    audit: (tenant: string) => key('audit', tenant),
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
  /** Batches, not builds. */
  | { batchLabel: string }

/** `name=value`: a name holds no equals sign. */
export function labelKey(label: { name: string; value: string }): string {
  return `${label.name}=${label.value}`
}

function nameOf(of: IndexOf): string {
  if (typeof of === 'string') return of
  const [[kind, value] = ['', '']] = Object.entries(of)
  return `${kind}:${value}`
}

/** Any text may be an idempotency key; a name in Redis holds only its digest. */
function digested(tenant: string, given: string): string {
  return `${tenant}:${createHash('sha256').update(given).digest('base64url')}`
}
