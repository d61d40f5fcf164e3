import type { Words } from '@packline/shared'
import { failed, type PacklineError } from '@packline/shared'
import type { ToolResult } from '../../../process/command.ts'
import { gradleFailures, javaFailures, MISSING_PACKAGE } from '../../../texts/failures/java.ts'
import { behind, othersToo } from '../../../texts/failures/others-too.ts'
import { askedAt } from '../../asked.ts'
import type { Stage } from '../../runtime.ts'
import { explainJavac } from '../explain-javac.ts'
import { OUTPUT_LINES_MAX } from '../meaning.ts'
import { inSource } from '../source-paths.ts'
import { WRAPPER_STAGE } from './gradle.ts'
import { GRADLE_MEANINGS, innermost } from './gradle-meanings.ts'

/** "e: file:///a/B.kt:3:5 text", before Kotlin 1.8 "e: /a/B.kt: (3, 5): text". */
const KOTLIN = /^e: (.+\.kts?):(?: \()?(\d+)[:,] ?\d+\)?:? (.+)$/m
const PLACE = /^(?:Build|Settings|Script) file '([^']+)' line: (\d+)$/m
/** What a wrapper says of a distribution whose sum is another one. */
const SUMS = /Expected checksum: +'([^']*)'\s+Actual checksum: +'([^']*)'/
const WRONG = /^\* What went wrong:\n([\s\S]*?)(?=\n\* |$(?![\s\S]))/m

/** Says what Gradle's report means; for a wrapper, why its distribution could not be had. */
export function explainGradle(stage: Stage, result: ToolResult): PacklineError | undefined {
  const [stdout, stderr] = [inSource(result.stdout), inSource(result.stderr)]
  if (stage.name === WRAPPER_STAGE) return explainWrapper(stage, `${stdout}\n${stderr}`)
  const text = `${stderr}\n${stdout}`
  const compile = explainJavac({ stdout, stderr }, MISSING_PACKAGE.intoGradle)
  if (compile) return compile
  const kotlin = KOTLIN.exec(text)
  const output = (WRONG.exec(text)?.[0] ?? '').split('\n').slice(0, OUTPUT_LINES_MAX)
  if (kotlin) {
    const lines = text.split('\n').filter((line) => line.startsWith('e: '))
    const [, path, line, message] = kotlin
    const more = othersToo(lines.length - 1)
    const said = javaFailures.doesNotCompile(`${path}:${line}`, `${message}`, more)
    return failed('COMPILE_FAILED', said, { output: lines.slice(0, OUTPUT_LINES_MAX) })
  }
  const wrong = WRONG.exec(text)?.[1]
  if (wrong === undefined) return undefined
  const [, path, line] = PLACE.exec(text) ?? []
  const place = path === undefined ? undefined : `${path}:${line}`
  for (const { pattern, code, detail, hint } of GRADLE_MEANINGS) {
    const match = pattern.exec(wrong)
    if (!match) continue
    const [group = '', name] = match[1]?.split(':') ?? []
    const wanted = name === undefined ? group : `${group}:${name}`
    const asked = place === undefined ? askedAt(stage, wanted) : ''
    return failed(code, { detail: behind(atPlace(place, detail(match)), asked), hint }, { output })
  }
  // With a place in a script, the script is at fault.
  const code = place === undefined ? 'INSTALL_FAILED' : 'MANIFEST_INVALID'
  return failed(code, { detail: atPlace(place, innermost(wrong)) }, { output })
}

/**
 * What could not be had is the stage's own failure where there is another Gradle to go on with; a
 * distribution that is not the one that the project means is none to go on after.
 */
function explainWrapper(stage: Stage, text: string): PacklineError {
  const [, expected, actual] = SUMS.exec(text) ?? []
  if (actual !== undefined) return otherSum(stage, expected, actual)
  const reason = /^Exception in thread "main" (?:[\w.]+(?:Exception|Error)): (.+)$/m.exec(text)?.[1]
  const version = stage.tools[0]?.version
  const without = text.includes('FileNotFoundException')
    ? 'MANIFEST_INVALID'
    : 'REGISTRY_UNAVAILABLE'
  const code = stage.otherwise ? stage.failure : without
  const output = text.split('\n').filter(Boolean).slice(-OUTPUT_LINES_MAX)
  return failed(code, gradleFailures.noDistribution(version, reason), { output })
}

function otherSum({ tools: [tool] }: Stage, expected: string | undefined, actual: string) {
  return failed('MANIFEST_INVALID', gradleFailures.otherSum(tool?.version, actual, expected))
}

function atPlace(place: string | undefined, { en, zh }: Words): Words {
  return place === undefined ? { en, zh } : { en: `${place}: ${en}`, zh: `${place}：${zh}` }
}
