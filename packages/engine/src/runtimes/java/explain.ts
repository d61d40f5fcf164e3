import type { PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'
import { explainJavac } from './explain-javac.ts'
import { explainMaven } from './explain-maven.ts'
import { explainGradle } from './gradle/explain-gradle.ts'

/** What the compiler or the build tool says, without what it says about itself. */
export function explain(stage: Stage, result: ToolResult): PacklineError | undefined {
  if (stage.name === 'javac') return explainJavac(result)
  return stage.name.startsWith('gradle')
    ? explainGradle(stage, result)
    : explainMaven(stage, result)
}
