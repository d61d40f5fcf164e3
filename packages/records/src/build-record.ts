import type { BuildRequest, BuildView } from '@packline/shared'

/** One build as it is asked for; `accept` gives the id, unless it is derived (so never twice). */
export interface NewBuild {
  id?: string
  /** Files beyond LIMITS.inlineInRecordBytesMax are not in here but behind `sourceKey`. */
  request: BuildRequest
  queue: string
  /** Beyond the tenant's window interactive builds become bulk ones. */
  priority: 'interactive' | 'bulk'
  retryOf?: string
  /**
   * Key in the object store of the upload, or of inline files that were too large for the record:
   * `claim` it before it is stored or looked for.
   */
  sourceKey?: string
}

/** What a worker needs of a build; a reader's view with what the API does not show. */
export interface BuildRecord extends BuildView {
  schema: number
  tenant: string
  request: BuildRequest
  sourceKey?: string
}

/** An idempotency key counts for its tenant and for a day. */
export interface AcceptOptions {
  tenant: string
  /** `id`: a derived one, which may be given again. */
  batch?: { id?: string; labels?: Record<string, string> }
  /** `fingerprint`: digest of the request; the same key with another one is refused. */
  idempotency?: { key: string; fingerprint: string }
  /**
   * Builds of a tenant that may be in BullMQ at once, of each priority; the others wait in its own
   * list, as bulk ones. Without it the one that the sweep found (windowOf).
   */
  window?: number
}

export interface AcceptResult {
  /** In the order of the builds. */
  ids: string[]
  batch?: string
  /** True when an earlier request with the same idempotency key was answered again. */
  replayed: boolean
}
