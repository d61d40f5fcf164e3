import { setImmediate } from 'node:timers/promises'

/** Called once per entry: nothing while there is time, a promise when others should have a turn. */
export type Pause = () => Promise<void> | undefined

/** Work of this length between two turns of the event loop is not felt by anybody else. */
const TURN_MS = 10
/** Asking for the time costs more than a small entry. */
const CALLS_PER_LOOK = 16

/** Keeps long loops over entries from blocking the event loop, and lets the signal end them. */
export function createPause(signal: AbortSignal | undefined): Pause {
  let calls = 0
  let turnStart = performance.now()
  return () => {
    calls += 1
    if (calls % CALLS_PER_LOOK !== 0 || performance.now() - turnStart < TURN_MS) return undefined
    return setImmediate().then(() => {
      turnStart = performance.now()
      signal?.throwIfAborted()
    })
  }
}
