import type { KeyMade, KeyRequest, KeyView, Scope } from '@packline/shared'
import type { AcceptOptions } from '../build-record.ts'
import type { Page, PageOptions } from '../listing.ts'

/** Keys that were made by a call; of each only a digest is kept. */
export interface ApiKeys {
  /**
   * `by` is the id of the key that asks. Throws CONFLICT where a tenant has too many, and
   * INVALID_REQUEST for one that would have expired already. With an idempotency key
   * `checkIdempotency` has the answer for a day, sealed: SECRETS_LOCKED is possible then.
   */
  create(
    tenant: string,
    request: KeyRequest,
    by: string,
    idempotency?: AcceptOptions['idempotency'],
  ): Promise<KeyMade>
  list(tenant: string, page?: PageOptions): Promise<Page<KeyView>>
  /** No process takes it any more, and what holds it is told. Throws NOT_FOUND. */
  revoke(tenant: string, id: string): Promise<void>
  /**
   * Whose key a text is; undefined for any other text. Asks Redis once a second at most for each
   * key, and says once a minute that it is used. An expired one is found: see `expiresAt`.
   */
  find(text: string): Promise<KnownKey | undefined>
  /** Calls `end` once, when the key is revoked or expires; answers how to let go before. */
  hold(key: Pick<KnownKey, 'id' | 'expiresAt'>, end: () => void): () => void
}

export interface KnownKey {
  id: string
  tenant: string
  name: string
  scope: Scope
  expiresAt?: string
}
