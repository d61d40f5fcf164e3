import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import type { Queues } from './queues.ts'
import type { ArchiveStore, RestoreResult } from './records.ts'
import type { RunScript } from './scripts.ts'
import type { Seal } from './seal.ts'
import type { Subscriber } from './subscriber.ts'

/** What every part of the records works with. */
export interface Context {
  redis: Redis
  keys: Keys
  run: RunScript
  queues: Queues
  store: ArchiveStore | undefined
  /** The text of an object of the archive. Throws STORE_UNAVAILABLE. */
  readObject: (key: string) => Promise<string>
  /** Brings back all that only the store has; one at a time in a process. */
  restore: () => Promise<RestoreResult>
  seal: Seal
  subscriber: Subscriber
}
