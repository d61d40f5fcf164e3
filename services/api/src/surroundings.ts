import type { Records } from '@packline/records'
import type { Profile } from '@packline/shared'
import type { Store } from '@packline/stores'
import type { Logger } from 'pino'

/** What every route works with. */
export interface Surroundings {
  records: Records
  store: Store
  profile: Profile
  /** Uploads pass through here on their way to the store. */
  scratch: string
  logger: Logger
  /** Bulk builds of one tenant that may be in the queues at once. */
  window(): Promise<number>
  /** Aborts when the service stops: streams of events end, other answers are finished. */
  stopping: AbortSignal
}
