import type { BuildView, CallbackEvent, NoticeView, StatusTarget } from '@packline/shared'

/** The queue of notices: every worker takes it. */
export const NOTIFY_QUEUE = 'notify'

/** What a notice belongs to. */
export type NoticeOwner = { build: string } | { batch: string }

/** What is told outside when builds are accepted and end. Each is told until it was heard. */
export interface Notices {
  /** Those that were written so far. Throws NOT_FOUND where the owner is not the tenant's. */
  list(tenant: string, owner: NoticeOwner): Promise<NoticeView[]>
  /** Tells it once more, from the first attempt on. Throws NOT_FOUND. */
  redeliver(tenant: string, owner: NoticeOwner, notice: string): Promise<NoticeView>
  /** A worker's first act with a job of the queue; its id is the notice's. */
  begin(id: string): Promise<NoticeBeginning>
  /**
   * again: what is to be told has changed meanwhile, begin anew. stale: another process settled it;
   * nothing was written.
   */
  settle(due: DueNotice, outcome: NoticeOutcome): Promise<'ok' | 'again' | 'stale'>
}

/** nothing: told, given up, or overtaken. later: not before `ms`. */
export type NoticeBeginning =
  | { what: 'nothing' }
  | { what: 'later'; ms: number }
  | { what: 'due'; notice: DueNotice }

export interface DueNotice {
  id: string
  tenant: string
  version: number
  /** Made before this one. */
  attempts: number
  telling: Telling
}

export type Telling =
  | {
      kind: 'callback'
      /** Without its query. */
      url: string
      /** Throws SECRETS_LOCKED, and NOT_FOUND where Redis was emptied since. */
      open(): { url: string; secret: string }
      event: CallbackEvent
    }
  | {
      kind: 'commit-status'
      target: StatusTarget
      of: Standing
      /** What the other side called it when it was told before. */
      reference?: string
    }

/** A build, or what of a push became none: without a function, the push as a whole. */
export interface Standing
  extends Pick<BuildView, 'state' | 'failure' | 'verdict' | 'package' | 'cancelReason'> {
  build?: string
  function?: string
}

/** How an attempt went. pending: another one follows after `delayMs`. */
export type NoticeOutcome = { status?: number; error?: string; reference?: string } & (
  | { state: 'delivered' | 'failed' }
  | { state: 'pending'; delayMs: number }
)
