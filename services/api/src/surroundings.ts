import type { Records, RequestLimits } from '@packline/records'
import type { ObjectStore, Profile } from '@packline/shared'
import type { Store } from '@packline/stores'
import type { Logger } from 'pino'

/** What every route works with. */
export interface Surroundings {
  records: Records
  store: Store
  profile: Profile
  /** Those that sources may lie in. */
  objectStores?: readonly ObjectStore[]
  /** Opens what shows all tenants. */
  operatorKey?: string
  /** Of each key. */
  limits: RequestLimits
  /** Pages of these may ask, by their browsers. */
  corsOrigins?: readonly string[]
  /** Uploads pass through here on their way to the store. */
  scratch: string
  logger: Logger
  /** Throws SOURCE_NOT_ALLOWED for an address that nobody may be told at. */
  checkAddress(url: string): void
  /** Bulk builds of one tenant that may be in the queues at once. */
  window(): Promise<number>
  /** Aborts when the service stops: streams of events end, other answers are finished. */
  stopping: AbortSignal
}
