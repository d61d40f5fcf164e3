import type { Finding, RuleId } from '@packline/shared'
import type { Runtime, Subject } from '../runtimes/runtime.ts'

/** A check that holds for every runtime; looks at the finished package, not at its source. */
export interface Rule {
  id: RuleId
  check(subject: Subject, runtime: Runtime): Promise<readonly Finding[]> | readonly Finding[]
}
