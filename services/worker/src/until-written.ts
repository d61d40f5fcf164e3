import { setTimeout as wait } from 'node:timers/promises'
import { PacklineError } from '@packline/shared'

/** How long a result waits for a Redis that is away; beyond it the build is made again. */
const FINISH_MS_MAX = 30_000
const FINISH_AGAIN_MS = 500

/** A build of many minutes is not thrown away because Redis restarts while it ends. */
export async function untilWritten<T>(signal: AbortSignal, write: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + FINISH_MS_MAX
  for (;;) {
    try {
      return await write()
    } catch (error) {
      const isAway = error instanceof PacklineError && error.code === 'RECORDS_UNAVAILABLE'
      if (!isAway || signal.aborted || performance.now() > deadline) throw error
      // An abort is for the next turn: one more try, then it ends.
      await wait(FINISH_AGAIN_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}
