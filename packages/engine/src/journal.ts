import type {
  Finding,
  SizeRow,
  SourcePin,
  Step,
  TestReport,
  UsedDependency,
  UsedTool,
  VerdictReason,
} from '@packline/shared'
import type { Detection } from './runtimes/runtime.ts'

/** What a build learns on its way, for the report; each step adds, none reads. */
export interface Journal {
  steps: { step: Step; ms: number }[]
  /** Kept here and not with the error: one error object may end several builds. */
  failedIn?: Step
  tools: UsedTool[]
  findings: Finding[]
  mended: string[]
  largest: SizeRow[]
  dependencies: UsedDependency[]
  pin?: SourcePin
  detection?: Detection
  as?: { as: 'source' | 'package'; because: string }
  verdict?: VerdictReason
  test?: TestReport
}

export function startJournal(): Journal {
  return { steps: [], tools: [], findings: [], mended: [], largest: [], dependencies: [] }
}
