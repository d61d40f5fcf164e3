import type {
  BatchCallback,
  ExpansionResult,
  ExpansionSpec,
  ExpansionView,
  Failure,
} from '@packline/shared'
import type { AcceptOptions, NewBuild } from '../build-record.ts'

/**
 * What becomes builds only after a repository was read: accepted, queued, begun, swept and ended as
 * builds are. Their builds have ids derived from it and the function's name: never twice.
 */
export interface Expansions {
  /** Of a manifest it opens the batch of its builds. Throws IDEMPOTENCY_MISMATCH. */
  accept(spec: ExpansionSpec, options: ExpansionOptions): Promise<AcceptedExpansion>
  /** As `begin` of a build; answers also up to where the pushes of its ref were worked off. */
  begin(id: string, worker: string): Promise<ExpansionBeginning>
  /** The commit that was found, before its builds are taken in: a later attempt reads the same. */
  pin(id: string, attempt: number, commit: string): Promise<'ok' | 'refused'>
  /**
   * Takes its builds in, one of each function: those that are there already are left as they are,
   * those that a newer push of the same hook and ref has built are left out, and builds of older
   * pushes of these functions end as superseded, in one script. `refused`: as in `finish`; `moved`:
   * an older push was worked off since it began, so that less is to be caught up on; begin again.
   */
  build(
    expansion: ExpansionRecord,
    builds: NewBuild[],
  ): Promise<ExpandedBuilds | 'refused' | 'moved'>
  /**
   * The next push of the ref begins where one ended that succeeded, unless that one was `behind`.
   * refused: another attempt has begun, or it has ended; nothing was written, stop.
   */
  finish(id: string, attempt: number, outcome: ExpansionOutcome): Promise<'ok' | 'refused'>
  /** NOT_FOUND thirty days after its end. */
  get(tenant: string, id: string): Promise<ExpansionView>
  /** The one that made the builds of a batch. Throws CONFLICT where it is known no more. */
  ofBatch(tenant: string, batch: string): Promise<ExpansionView>
}

export interface ExpansionOptions extends Pick<AcceptOptions, 'tenant' | 'idempotency'> {
  /** Of the batch. */
  labels?: Record<string, string>
  /** Its builds tell it, too. */
  callback?: BatchCallback
  /** A batch whose callback the new one tells, too. */
  retryOf?: string
}

export interface AcceptedExpansion {
  id: string
  batch?: string
  replayed: boolean
}

/** What a worker needs of an expansion. */
export interface ExpansionRecord extends ExpansionView {
  schema: number
  tenant: string
  /** What an earlier attempt pinned. */
  commit?: string
  /** Of a push. */
  reached?: Reached
}

/**
 * Up to this push none of a hook and ref was left out; at the commit it led to, NO_COMMIT where the
 * ref was deleted, a later one begins.
 */
export interface Reached {
  number: number
  commit: string
}

/** As `Beginning` of a build; nothing of an expansion is swept, so none begins later. */
export type ExpansionBeginning =
  | { begun: true; record: ExpansionRecord }
  | { begun: false; because: 'terminal' | 'poisoned' | 'newer' }

export interface ExpandedBuilds {
  builds: ExpansionResult['builds']
  /** Functions that a newer push has built. */
  outrun: string[]
  /** Builds that ended for these. */
  superseded: string[]
}

export type ExpansionOutcome =
  | { state: 'succeeded'; result: ExpansionResult }
  | { state: 'failed'; failure: Failure }
  | { state: 'queued'; delayMs: number }
