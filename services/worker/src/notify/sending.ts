import type { Outbound } from '@packline/outbound'

/** What one attempt of a notice works with. */
export interface Surroundings {
  outbound: Outbound
  /** Aborts when the worker stops. */
  signal: AbortSignal
  /** Where people look at a build; `{build}` stands for its id. */
  buildUrl?: string
}

/** How the other side answered. */
export interface Heard {
  status: number
  /** The header Retry-After, if any. */
  retryAfter: string | undefined
  /** What it calls what it was told, for the next time. */
  reference?: string
}

/** Until a receiver has answered, and for all of it. */
export const ANSWER_MS_MAX = 10_000
export const SENDING_MS_MAX = 15_000
