import { type FailureCode, PacklineError } from '@packline/shared'
import type { ToolResult } from '../../../process/command.ts'
import type { Stage } from '../../runtime.ts'
import { explainJavac } from '../explain-javac.ts'
import { inSource } from '../source-paths.ts'
import { WRAPPER_STAGE } from './gradle.ts'

const OUTPUT_LINES_MAX = 40
/** "e: file:///a/B.kt:3:5 text", before Kotlin 1.8 "e: /a/B.kt: (3, 5): text". */
const KOTLIN = /^e: (.+\.kts?):(?: \()?(\d+)[:,] ?\d+\)?:? (.+)$/m
const PLACE = /^(?:Build|Settings|Script) file '([^']+)' line: (\d+)$/m
const WRONG = /^\* What went wrong:\n([\s\S]*?)(?=\n\* |$(?![\s\S]))/m

interface Meaning {
  pattern: RegExp
  code: FailureCode
  detail: (match: readonly string[]) => string
  hint?: string
}

/** In this order: one fault is told in several lines, the exactest last. */
const MEANINGS: readonly Meaning[] = [
  {
    pattern: /PACKLINE-MODULE (.+)/,
    code: 'MANIFEST_INVALID',
    detail: ([, has]) => `build.module names no module of the Gradle build: ${has}`,
    hint: "Name a module's folder by its path from the root of the build.",
  },
  {
    pattern: /PACKLINE-JAR (.+)/,
    code: 'MANIFEST_INVALID',
    detail: ([, what]) => `the Gradle build has nothing to package: ${what}`,
    hint: "Apply the plugin 'java' in the module that has the handler.",
  },
  {
    pattern: /Could not (?:GET|HEAD) '([^']+)'\. Received status code (40[137])\b/,
    code: 'INSTALL_FAILED',
    detail: ([, address, status]) => `Gradle may not take ${address}: status code ${status}`,
    hint: "The worker's settings need credentials for this repository.",
  },
  {
    pattern: /Could not (?:GET|HEAD|get resource) '([^']+)'\.?\s*([\s\S]*)/,
    code: 'REGISTRY_UNAVAILABLE',
    detail: ([, address, rest]) => `Gradle got no ${address}: ${innermost(rest ?? '')}`,
  },
  {
    pattern: /Could not find ((?:[^\s:]+:)+[^\s:]+?)\.?$/m,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: ([, what]) => `Gradle found no ${what} in the build's repositories`,
    hint: 'Look at its group, name and version, and at `repositories`, in the build file.',
  },
  {
    pattern: /Cannot resolve external dependency (\S+) because no repositories are defined/,
    code: 'MANIFEST_INVALID',
    detail: ([, what]) => `the build defines no repository that could have ${what}`,
    hint: 'Add `repositories { mavenCentral() }` to the build file.',
  },
  {
    pattern: /Plugin (?:with id |\[id: ?)'([^']+)'.*not found/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: ([, plugin]) => `Gradle found no plugin ${plugin}`,
    hint: 'Look at its id and version, and at the repositories that plugins come from.',
  },
  {
    pattern:
      /(?:No matching toolchains? found|Cannot find a Java installation|No locally installed toolchains).*/,
    code: 'COMPILE_FAILED',
    detail: ([found]) => `the build asks for a Java toolchain that this worker has not: ${found}`,
    hint: "Leave `toolchain` out, so that the function's version of Java decides.",
  },
  {
    pattern: /(?:invalid target release|release version|invalid source release):? (\S+)/,
    code: 'COMPILE_FAILED',
    detail: ([, release]) =>
      `the build asks for Java ${release}, more than the JDK of this build has`,
    hint: 'Ask for that version of Java in the request, or set a lower one in the build file.',
  },
  {
    pattern: /Could not find method (implementation|api|runtimeOnly|compileOnly)\(\)/,
    code: 'MANIFEST_INVALID',
    detail: ([found]) => `${found}, which this Gradle or the applied plugins do not have`,
    hint: "Apply the plugin 'java', or bring the Gradle that the build is written for as a wrapper.",
  },
]

/** Says what Gradle's report means; for a wrapper, why its distribution could not be had. */
export function explainGradle(stage: Stage, result: ToolResult): PacklineError | undefined {
  const [stdout, stderr] = [inSource(result.stdout), inSource(result.stderr)]
  if (stage.name === WRAPPER_STAGE) return explainWrapper(stage, `${stdout}\n${stderr}`)
  const text = `${stderr}\n${stdout}`
  const compile = explainJavac({ stdout, stderr }, (name) => {
    return `Add the library that has ${name} to \`dependencies\` in the build file.`
  })
  if (compile) return compile
  const kotlin = KOTLIN.exec(text)
  const output = (WRONG.exec(text)?.[0] ?? '').split('\n').slice(0, OUTPUT_LINES_MAX)
  if (kotlin) {
    const lines = text.split('\n').filter((line) => line.startsWith('e: '))
    const [, path, line, message] = kotlin
    const more = lines.length > 1 ? ` (and ${lines.length - 1} more)` : ''
    const said = { output: lines.slice(0, OUTPUT_LINES_MAX) }
    return new PacklineError('COMPILE_FAILED', `${path}:${line}: ${message}${more}`, said)
  }
  const wrong = WRONG.exec(text)?.[1]
  if (wrong === undefined) return undefined
  const [, path, line] = PLACE.exec(text) ?? []
  const place = path === undefined ? '' : `${path}:${line}: `
  for (const { pattern, code, detail, hint } of MEANINGS) {
    const match = pattern.exec(wrong)
    if (match) return new PacklineError(code, `${place}${detail(match)}`, { hint, output })
  }
  // With a place in a script, the script is at fault.
  const code = place === '' ? 'INSTALL_FAILED' : 'MANIFEST_INVALID'
  return new PacklineError(code, `${place}${innermost(wrong)}`, { output })
}

/** Where there is another Gradle to try, the build goes on with it. */
function explainWrapper(stage: Stage, text: string): PacklineError | undefined {
  if (stage.otherwise) return undefined
  const reason = /^Exception in thread "main" (?:[\w.]+(?:Exception|Error)): (.+)$/m.exec(text)?.[1]
  const version = stage.tools[0]?.version
  const detail = `the distribution of Gradle ${version} could not be had: ${reason ?? 'it did not start'}`
  const isWrong = /FileNotFoundException|checksum|Could not validate/i.test(text)
  const code = isWrong ? 'MANIFEST_INVALID' : 'REGISTRY_UNAVAILABLE'
  return new PacklineError(code, detail, {
    hint: 'Look at distributionUrl in gradle/wrapper/gradle-wrapper.properties: the worker must reach it. Without a wrapper its own Gradle builds.',
    output: text.split('\n').filter(Boolean).slice(-OUTPUT_LINES_MAX),
  })
}

/** Gradle tells causes line by line, each deeper than the one before. */
function innermost(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const causes = lines.filter((line) => /^\s*>/.test(line))
  const line = causes.at(-1) ?? lines[0] ?? 'it said nothing more'
  return line.replace(/^\s*>\s*/, '').trim()
}
