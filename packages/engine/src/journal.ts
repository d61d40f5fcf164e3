import type {
  Finding,
  SizeRow,
  SourcePin,
  Step,
  TestReport,
  UsedDependency,
  UsedTool,
  VerdictReason,
  Words,
} from '@packline/shared'
import type { Detection } from './runtimes/runtime.ts'

/** What a build learns on its way, for the report; each step adds, none reads. */
export interface Journal {
  steps: { step: Step; ms: number }[]
  /** Kept here and not with the error: one error object may end several builds. */
  failedIn?: Step
  tools: UsedTool[]
  /** Names of the stages that could ask registries. */
  online: string[]
  findings: Finding[]
  mended: Words[]
  largest: SizeRow[]
  dependencies: UsedDependency[]
  pin?: SourcePin
  detection?: Detection
  as?: { as: 'source' | 'package'; because: Words }
  verdict?: VerdictReason
  test?: TestReport
}

export function startJournal(): Journal {
  return {
    steps: [],
    tools: [],
    online: [],
    findings: [],
    mended: [],
    largest: [],
    dependencies: [],
  }
}
