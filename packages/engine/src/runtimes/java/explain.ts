import type { PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'
import { explainJavac } from './explain-javac.ts'
import { explainMaven } from './explain-maven.ts'

/** What the compiler or Maven says, without what it says about itself. */
export function explain(stage: Stage, result: ToolResult): PacklineError | undefined {
  return stage.name === 'javac' ? explainJavac(result) : explainMaven(result)
}
