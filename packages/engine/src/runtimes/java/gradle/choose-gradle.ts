import { failed, type PacklineError } from '@packline/shared'
import { BUILD } from '../../../package.ts'
import { gradleFailures, NO_WRAPPER } from '../../../texts/failures/java.ts'
import { missing, noTool } from '../../../tools/missing.ts'
import type { Jdk, Tool } from '../../../tools/tools.ts'
import type { Order } from '../../runtime.ts'
import { javaRangeOf } from './java-range.ts'
import type { Wrapper } from './wrapper.ts'

/** A Gradle and the JDK that it runs on. */
export interface GradleChoice {
  tool: Tool
  jdk: Jdk
  /** Shell text that becomes it, with the arguments that the shell has. */
  program: string
  /** Where distributions that a wrapper fetches are kept, each known by its address alone. */
  distributions: string
}

interface Candidate extends Omit<GradleChoice, 'jdk' | 'program'> {
  line: string
  /** Changed by whoever packaged it, so that it runs on their JDK. */
  isPatched: boolean
}

const MODULES_SINCE = 9

/**
 * What can build here, the project's wrapper first. Throws TOOL_MISSING where there is nothing, or
 * where none of the worker's JDKs runs it; `compiler`: the JDK that it is to compile with.
 */
export function chooseGradle(
  wrapper: Wrapper | undefined,
  { tools }: Order,
  compiler: Jdk,
): [GradleChoice, ...GradleChoice[]] {
  const { gradle, maven, jdks } = tools
  const asks = (gradle ?? maven)?.asks
  const candidates = [wrapper && ofProject(wrapper, asks), gradle && ofWorker(gradle)]
  const known = candidates.filter((one) => one !== undefined)
  const [first, ...more] = known.flatMap((candidate) => {
    const jdk = jdkFor(candidate, jdks, compiler)
    return jdk ? [choiceOf(candidate, jdk)] : []
  })
  if (first) return [first, ...more]
  throw known[0] ? noJdk(known[0], jdks) : noGradle()
}

/** `asks`: every Gradle asks the same repositories. */
function ofProject({ version, jar, isOwn }: Wrapper, asks: Tool['asks']): Candidate {
  const main = `-classpath ${jar} org.gradle.wrapper.GradleWrapperMain`
  return {
    tool: { name: 'Gradle wrapper', version, path: jar, binds: [], asks },
    line: `exec "$JAVA_HOME/bin/java" $JAVA_OPTS ${main} "$@"`,
    // Another source may have another distribution under this address.
    distributions: isOwn ? `${BUILD.home}/gradle-wrapper` : `${BUILD.cache}/gradle/wrapper`,
    isPatched: isOwn,
  }
}

function ofWorker(tool: Tool): Candidate {
  return {
    tool,
    line: `exec '${tool.path}' "$@"`,
    distributions: `${BUILD.cache}/gradle/wrapper`,
    isPatched: tool.path.startsWith('/usr/share/'),
  }
}

/** The JDK that compiles, where Gradle runs on it; else the newest that it does run on. */
function jdkFor(candidate: Candidate, jdks: readonly Jdk[], compiler: Jdk): Jdk | undefined {
  const { oldest, newest } = javaRangeOf(candidate.tool.version, candidate.isPatched)
  const fits = ({ release }: Jdk) => release >= oldest && release <= newest
  return fits(compiler) ? compiler : jdks.find(fits)
}

function choiceOf({ tool, line, distributions }: Candidate, jdk: Jdk): GradleChoice {
  const set = 'set -- "-Dorg.gradle.java.home=$JAVA_HOME" "$@"'
  // Gradle makes classes by reflection, which a JDK with modules allows only so.
  const opens = '--add-opens java.base/java.lang=ALL-UNNAMED'
  const open = jdk.release >= MODULES_SINCE ? `JAVA_OPTS="${opens} $JAVA_OPTS"\n` : ''
  const program = `export JAVA_HOME='${jdk.home}'\n${open}${set}\n${line}\n`
  return { tool, jdk, program, distributions }
}

function noJdk({ tool, isPatched }: Candidate, jdks: readonly Jdk[]): PacklineError {
  const { oldest, newest } = javaRangeOf(tool.version, isPatched)
  const has = jdks.map(({ version }) => version).join(', ')
  return failed('TOOL_MISSING', gradleFailures.noJdk(tool.version, oldest, newest, has))
}

function noGradle(): PacklineError {
  const { detail, hint } = NO_WRAPPER
  return noTool('gradle', { detail, hint: hint(missing('gradle').mend) })
}
