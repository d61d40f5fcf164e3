import type { BatchCallback, BuildRequest, BuildView, StatusTarget } from '@packline/shared'

/** One build as it is asked for; `accept` gives the id, unless it is derived (so never twice). */
export interface NewBuild {
  id?: string
  /** Files beyond LIMITS.inlineInRecordBytesMax are not in here but behind `sourceKey`. */
  request: BuildRequest
  queue: string
  /** Beyond the tenant's window interactive builds become bulk ones. */
  priority: 'interactive' | 'bulk'
  retryOf?: string
  /** The push that it is of. */
  push?: BuildView['push']
  /**
   * Key in the object store of the upload, or of inline files that were too large for the record:
   * `claim` it before it is stored or looked for.
   */
  sourceKey?: string
  /** Of `request.callback`; sealed before it is written. A retry's is that of the retried build. */
  callbackSecret?: string
  /** Where its state is told as a commit status; a retry's likewise. */
  status?: StatusTarget
}

/** What a worker needs of a build; a reader's view with what the API does not show. */
export interface BuildRecord extends BuildView {
  schema: number
  tenant: string
  request: BuildRequest
  sourceKey?: string
  status?: StatusTarget
  /** Of a build that was begun: the secret of its callback. */
  sealedCallback?: string
}

/** An idempotency key counts for its tenant and for a day. */
export interface AcceptOptions {
  tenant: string
  /** `id`: a derived one, which may be given again. */
  batch?: {
    id?: string
    labels?: Record<string, string>
    callback?: BatchCallback
    /** Tells whom this batch told. */
    retryOf?: string
  }
  /** `fingerprint`: digest of the request; the same key with another one is refused. */
  idempotency?: { key: string; fingerprint: string }
  /**
   * Builds of a tenant that may be in BullMQ at once, of each priority; the others wait in its own
   * list, as bulk ones. Without it the one that the sweep found (windowOf).
   */
  window?: number
  /** What else is answered: kept with the idempotency key, as JSON. */
  answer?: unknown
}

export interface AcceptResult {
  /** In the order of the builds. */
  ids: string[]
  batch?: string
  /** As it was given, by the first request with the same idempotency key. */
  answer?: unknown
  /** True when an earlier request with the same idempotency key was answered again. */
  replayed: boolean
}
