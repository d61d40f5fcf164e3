import type { Engine } from '@packline/engine'
import type { Store } from '@packline/stores'
import type { Places } from './places.ts'

/** An engine whose store gives back what was uploaded, and whose tool slots are given in turns. */
export interface WorkerEngine extends Engine {
  store: Store
  /** As many as the isolation has slots: whoever has one of these waits for no other. */
  toolPlaces: Places
  /** Whose code runs where there is no sandbox. */
  unsandboxed: 'everybody' | { tenant: string | undefined }
}
