import type {
  CommitStatus,
  DeliveryExpansion,
  DeliveryView,
  HookChanges,
  HookMade,
  HookRequest,
  HookView,
  Receipt,
  StatusTarget,
} from '@packline/shared'
import type { AcceptOptions } from '../build-record.ts'
import type { Page, PageOptions } from '../listing.ts'

/** Bindings of repositories. Calls throw SECRETS_LOCKED without the installation's key. */
export interface Hooks {
  /**
   * Throws CONFLICT where a tenant has too many. With a key `checkIdempotency` has the answer for a
   * day, as `answer`; it is kept sealed, as it has the secret.
   */
  create(
    tenant: string,
    request: HookRequest,
    idempotency?: AcceptOptions['idempotency'],
  ): Promise<HookMade>
  list(tenant: string, page?: PageOptions): Promise<Page<HookView>>
  get(tenant: string, id: string): Promise<HookView>
  update(tenant: string, id: string, changes: HookChanges): Promise<HookView>
  /** What was accepted before is built all the same. */
  remove(tenant: string, id: string): Promise<void>
  /** For who receives: the hook of whichever tenant, with its secret. Throws NOT_FOUND. */
  open(id: string): Promise<OpenHook>
  /** What the hook's git server is told with; undefined where it has none, or is gone. */
  accessOf(tenant: string, id: string): Promise<CommitStatus | undefined>
  /** Where a commit's pushes are told how they stand; undefined where the hook tells nobody. */
  statusTarget(tenant: string, id: string, commit: string): Promise<StatusTarget | undefined>
  /**
   * One script: whether the delivery was seen in thirty days, its number among those of its ref,
   * and its expansion, where it has a push.
   */
  receive(hook: OpenHook, delivery: NewDelivery): Promise<Receipt>
  /** The last hundred, newest first, each with what came of it. */
  deliveries(tenant: string, id: string): Promise<DeliveryView[]>
  /**
   * Works a push off again, for what the hook says now. It keeps its number: what a newer push has
   * built is left alone. Throws CONFLICT for a delivery that was none.
   */
  redeliver(tenant: string, id: string, delivery: string): Promise<Receipt>
}

export interface OpenHook extends HookView {
  tenant: string
  secret: string
}

/** `seenBy` tells it from others: its id where the signature covers that, else a digest. */
export interface NewDelivery
  extends Pick<
    DeliveryView,
    'event' | 'name' | 'ref' | 'before' | 'after' | 'outcome' | 'reason' | 'zh'
  > {
  seenBy: string
  /** Only of one that is accepted. */
  push?: Push
}

export type Push = Pick<
  DeliveryExpansion,
  'ref' | 'before' | 'after' | 'forced' | 'created' | 'deleted'
>
