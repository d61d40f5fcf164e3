import type { Failure } from './failure.ts'
import type { VerdictReason } from './finding.ts'
import type { RuntimeName } from './runtimes.ts'

export const BUILD_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type BuildState = (typeof BUILD_STATES)[number]

export const TERMINAL_STATES = ['succeeded', 'failed', 'cancelled'] as const
export type TerminalState = (typeof TERMINAL_STATES)[number]

export function isTerminal(state: BuildState): state is TerminalState {
  return (TERMINAL_STATES as readonly BuildState[]).includes(state)
}

/** The steps of every build, in order. */
export const STEPS = ['fetch', 'unpack', 'detect', 'make', 'zip', 'validate', 'store'] as const
export type Step = (typeof STEPS)[number]

/** The finished package and where it lies. */
export interface StoredPackage {
  /** Key in the object store. */
  key: string
  /** `s3://bucket/key` or a file URL: what the store can be asked for. */
  address: string
  format: 'zip' | 'jar'
  size: number
  sha256: string
  /** Files inside, folders not counted. */
  entries: number
  unpackedSize: number
}

/** The dependency package that `build.split` put apart. */
export interface SplitPackage {
  name: string
  revision: number
  package: StoredPackage
}

/** What a build says while it runs; `seq` and `at` are given when it is written. */
export type BuildEventBody =
  | { type: 'queued'; queue: string; retryOf?: string }
  | { type: 'waiting'; for: string }
  | { type: 'started'; attempt: number; worker: string }
  | { type: 'pinned'; pin: string }
  | { type: 'detected'; runtime: RuntimeName; because: string; as: 'source' | 'package' }
  /** A step that takes longer than a moment is announced; each says its end. */
  | { type: 'step'; step: Step; status: 'started' }
  | { type: 'step'; step: Step; status: 'finished'; ms: number }
  | { type: 'stage'; stage: string; command: string }
  | { type: 'warning'; message: string }
  | { type: 'requeued'; reason: string; delayMs: number; failure?: Failure }
  | {
      type: 'succeeded'
      package: StoredPackage
      verdict: VerdictReason
      findings: number
      /** Of a dependency package; given when it is written. */
      revision?: number
      split?: SplitPackage
    }
  | { type: 'failed'; failure: Failure }
  | { type: 'cancelled'; reason: string }

/** `seq` counts 1, 2, 3 per build and is the id of the server-sent event; `at` is ISO 8601, UTC. */
export type BuildEvent = BuildEventBody & { seq: number; at: string }

/** States and counts of a batch, as its event stream carries them. */
export interface BatchCounts {
  total: number
  queued: number
  running: number
  succeeded: number
  failed: number
  cancelled: number
}
