import { type FailureCode, PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import { inSource } from './source-paths.ts'

const OUTPUT_LINES_MAX = 40
/** What Maven says about itself after each failure. */
const ADVICE =
  /^(?:$|\[Help \d+\]|To see the full stack trace|Re-run Maven|For more information|After correcting the problems|mvn <args>)/
const COMPILER = /^(\S.*\.(?:java|kt|groovy|scala)):(?: ?[[(])?(\d+)(?:[,:] ?\d+)?[\])]? (.+)$/

interface Meaning {
  pattern: RegExp
  code: FailureCode
  detail: (match: readonly string[]) => string
  hint?: string
}

/** In this order: a parent that can not be fetched also counts as a pom that is not valid. */
const MEANINGS: readonly Meaning[] = [
  {
    pattern:
      /Could not transfer (?:artifact|metadata) (\S+) from\/to (\S+ \([^)]*\)):?\s*(?!.*status code: (?:40[134]|410))(.*)/,
    code: 'REGISTRY_UNAVAILABLE',
    detail: ([, what, repository, why]) => `Maven got no ${what} from ${repository}: ${why}`,
  },
  {
    pattern: /Could not transfer (?:artifact|metadata) (\S+) from\/to (\S+ \([^)]*\)):?\s*(.*)/,
    code: 'INSTALL_FAILED',
    detail: ([, what, repository, why]) => `Maven may not take ${what} from ${repository}: ${why}`,
    hint: "The worker's Maven settings need credentials for this repository.",
  },
  {
    pattern: /Could not find the selected project in the reactor: (\S+)/,
    code: 'MANIFEST_INVALID',
    detail: ([, module]) => `pom.xml leads to no module ${module}, which build.module asks for`,
    hint: 'Add it to <modules> in pom.xml, or name a module that stands there.',
  },
  {
    pattern: /Could not find artifact (\S+) in (\S+)/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: ([, what, repository]) => `Maven found no ${what} in the repository ${repository}`,
    hint: 'Look at its group, name and version in pom.xml.',
  },
  {
    pattern: /(?:Failure to find|artifact) (\S+) (?:in|was not found in) (\S+)/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: ([, what, repository]) => `Maven found no ${what} in the repository ${repository}`,
    hint: 'Look at its group, name and version in pom.xml.',
  },
  {
    pattern: /Non-(?:parseable|readable) POM (\S+?):? (.+?)(?: @ \S+, (line \d+.*))?$/,
    code: 'MANIFEST_INVALID',
    detail: ([, path, why, place]) => `${path} is not a pom: ${why}${place ? `, ${place}` : ''}`,
    hint: 'Look at the line that is named: often a tag is not closed.',
  },
  {
    pattern: /^(?:\[FATAL\] )?('[^']+' .+|Malformed POM .+|Unresolveable build extension.+)$/,
    code: 'MANIFEST_INVALID',
    detail: ([, what]) => `pom.xml: ${what}`,
  },
  {
    pattern: /(Source|Target) option (\S+) is no longer supported/,
    code: 'COMPILE_FAILED',
    detail: ([, kind, release]) =>
      `pom.xml has ${kind?.toLowerCase()} ${release}, which no current JDK compiles`,
    hint: 'Set maven.compiler.release in pom.xml to the Java version of the function.',
  },
  {
    pattern: /(?:invalid target release|release version|invalid source release):? (\S+)/,
    code: 'COMPILE_FAILED',
    detail: ([, release]) =>
      `pom.xml asks for Java ${release}, more than the JDK of this build has`,
    hint: 'Ask for that version of Java in the request, or set a lower one in pom.xml.',
  },
]

/** Says what Maven's [ERROR] lines mean; the lines themselves come along, without its advice. */
export function explainMaven({ stdout, stderr }: ToolResult): PacklineError | undefined {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trimEnd())
  const errors = errorLines(lines)
  const output = errors.slice(0, OUTPUT_LINES_MAX)
  const compiler = errors.map((line) => COMPILER.exec(line)).find((match) => match !== null)
  if (compiler) {
    const [, path, line, message] = compiler
    const count = new Set(errors.filter((text) => COMPILER.test(text))).size - 1
    const more = count > 0 ? ` (and ${count} more)` : ''
    return new PacklineError('COMPILE_FAILED', `${path}:${line}: ${message}${more}`, { output })
  }
  for (const { pattern, code, detail, hint } of MEANINGS) {
    const match = errors.map((line) => pattern.exec(line)).find((found) => found !== null)
    if (match) return new PacklineError(code, detail(match), { hint, output })
  }
  if (errors.length === 0) return undefined
  return new PacklineError('INSTALL_FAILED', errors[0] ?? '', { output })
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
