/** Why an attempt was stopped from outside; how it ends depends on it. */
export type StopReason = 'ended' | 'lock lost' | 'worker stops'

/** Stops one attempt; it is the reason of its abort signal. */
export class Stopped extends Error {
  readonly reason: StopReason

  constructor(reason: StopReason) {
    super(`stopped: ${reason}`)
    this.name = 'Stopped'
    this.reason = reason
  }
}
