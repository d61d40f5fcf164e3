const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Waits between attempts, 24 hours in all: soon at first, for a receiver that starts again. */
const WAITS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS + 17 * MINUTE_MS + 25 * SECOND_MS,
]

/** Share by which a wait may be longer or shorter: many receivers fail at the same moment. */
const SPREAD = 0.1

/**
 * Milliseconds until the next attempt, or undefined when it was the last. `attempts`: those made,
 * this one included. `askedMs`: what the receiver asked for, which may be more but not for ever.
 */
export function nextWaitMs(attempts: number, askedMs = 0, chance = Math.random()) {
  const waitMs = WAITS_MS[attempts - 1]
  if (waitMs === undefined) return undefined
  const spreadMs = waitMs * (1 - SPREAD + 2 * SPREAD * chance)
  return Math.max(spreadMs, Math.min(askedMs, restMs(attempts)))
}

/** What is left of the 24 hours. */
function restMs(attempts: number): number {
  return WAITS_MS.slice(attempts - 1).reduce((sum, ms) => sum + ms, 0)
}
