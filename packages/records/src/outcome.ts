import type {
  BuildEventBody,
  BuildReport,
  DependencyRevision,
  Failure,
  SourcePin,
  SplitPackage,
  StoredPackage,
  VerdictReason,
} from '@packline/shared'
import type { BuildRecord } from './build-record.ts'

/** An event as a worker hands it over; without `at` it is the time of writing. */
export type NewEvent = BuildEventBody & { at?: string }

/** What `note` appends. Log lines carry no line ends; a line over a chunk is cut into several. */
export interface Note {
  events?: NewEvent[]
  log?: string[]
  /** Written before the source is used; `begin` gives it to a later attempt. */
  pin?: SourcePin
}

/** A dependency package that becomes a revision when its build ends. */
export interface MadeDependency
  extends Pick<DependencyRevision, 'name' | 'runtime' | 'version' | 'architecture' | 'package'> {
  /** Given where the name tells the content; without it the next one. */
  revision?: number
}

/** How an attempt ended. Terminal is final; `queued`: a retry is due or the build handed back. */
export type Outcome =
  | {
      state: 'succeeded'
      package: StoredPackage
      verdict: VerdictReason
      /** How many findings the report holds. */
      findings: number
      report?: BuildReport
      /** What `build.split` put apart. */
      split?: SplitPackage
      /** The dependency package that was made; for a split one the same as that. */
      dependency?: MadeDependency
    }
  | { state: 'failed'; failure: Failure; findings?: number; report?: BuildReport }
  | { state: 'cancelled'; reason: string }
  | { state: 'queued'; reason: string; delayMs: number; failure?: Failure }

/**
 * begun: `attempt` makes every older one stale. terminal: the job has nothing to do. poisoned: too
 * many attempts were begun; the record was ended as POISONED and the job has nothing to do. newer:
 * its schema is beyond ours; nothing was touched, and the job is for a newer worker. later: its
 * function's packages are being swept; nothing was touched, try again in a moment.
 */
export type Beginning =
  | { begun: true; attempt: number; record: BuildRecord }
  | { begun: false; because: 'terminal' | 'poisoned' | 'newer' | 'later' }
