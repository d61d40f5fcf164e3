import { failed, type PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import { javaFailures, MISSING_PACKAGE } from '../../texts/failures/java.ts'
import { behind, othersToo } from '../../texts/failures/others-too.ts'
import { verbatim } from '../../words.ts'
import { askedAt } from '../asked.ts'
import type { Stage } from '../runtime.ts'
import { mendMissing } from './explain-javac.ts'
import { MAVEN_MEANINGS } from './maven-meanings.ts'
import { OUTPUT_LINES_MAX } from './meaning.ts'
import { inSource } from './source-paths.ts'

/** What Maven says about itself after each failure. */
const ADVICE =
  /^(?:$|\[Help \d+\]|To see the full stack trace|Re-run Maven|For more information|After correcting the problems|mvn <args>)/
const COMPILER = /^(\S.*\.(?:java|kt|groovy|scala)):(?: ?[[(])?(\d+)(?:[,:] ?\d+)?[\])]? (.+)$/

/** Says what Maven's [ERROR] lines mean; the lines themselves come along, without its advice. */
export function explainMaven(
  stage: Stage,
  { stdout, stderr }: ToolResult,
): PacklineError | undefined {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trimEnd())
  const errors = errorLines(lines)
  const output = errors.slice(0, OUTPUT_LINES_MAX)
  const compiler = errors.map((line) => COMPILER.exec(line)).find((match) => match !== null)
  if (compiler) {
    const [, path, line, message = ''] = compiler
    const count = new Set(errors.filter((text) => COMPILER.test(text))).size - 1
    const hint = mendMissing(message, MISSING_PACKAGE.intoPom)
    const said = javaFailures.doesNotCompile(`${path}:${line}`, message, othersToo(count), hint)
    return failed('COMPILE_FAILED', said, { output })
  }
  for (const { pattern, code, detail, hint } of MAVEN_MEANINGS) {
    const match = errors.map((line) => pattern.exec(line)).find((found) => found !== null)
    if (!match) continue
    const [group, name] = match[1]?.split(':') ?? []
    const place = askedAt(stage, `${group}:${name}`)
    return failed(code, { detail: behind(detail(match), place), hint }, { output })
  }
  const [first] = errors
  if (first === undefined) return undefined
  return failed('INSTALL_FAILED', { detail: verbatim(first) }, { output })
}

/** The text of each [ERROR] line and of what follows it indented, with paths as in the source. */
function errorLines(lines: readonly string[]): string[] {
  let inside = false
  const found = lines.flatMap((line) => {
    const match = /^\[(?:ERROR|FATAL)\] ?(.*)$/.exec(line)
    inside = match !== null || (inside && /^\s+\S/.test(line))
    if (!inside) return []
    const text = inSource(match?.[1] ?? line).replace(/ -> \[Help \d+\]$/, '')
    return ADVICE.test(text) ? [] : [text]
  })
  return found.filter((line, index) => found.indexOf(line) === index)
}
