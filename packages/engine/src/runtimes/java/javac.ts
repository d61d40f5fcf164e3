import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { failed, type PacklineError } from '@packline/shared'
import { BUILD } from '../../package.ts'
import { javaFailures } from '../../texts/failures/java.ts'
import type { Jdk, Tool } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import { listed, NO_FILE } from '../../words.ts'
import type { Order, Stage } from '../runtime.ts'
import { chooseJdk, releaseFlags, releaseOf } from './jdk.ts'
import { type OperatorJar, operatorJars, sdkTool } from './operator-jars.ts'
import { plainSources } from './sources.ts'

/** The platform's interfaces, as declarations of our own; never in a package. */
export const PLATFORM_SDK = fileURLToPath(new URL('sdk', import.meta.url))

/** The first release that knows -proc:full; from 23 on nothing is processed without it. */
const PROCESSING_FLAG_SINCE = 21

/** Where collect finds the classes. */
export const CLASSES = 'classes'

/** The list of sources may be longer than a command line. */
const SOURCE_LIST = `${BUILD.home}/javac.sources`

/** One run of javac over all sources, whatever folders they lie in. */
export async function javacStage(tree: Tree, order: Order): Promise<Stage> {
  const { sources, libraries } = plainSources(tree)
  if (sources.length === 0) throw nothingToCompile(tree)
  const { jdk, because } = chooseJdk(order)
  const release = releaseOf(order.request)
  const sdk = await operatorJars(order.profile)
  const beside = [...libraries.map(({ path }) => path), ...attachedJars(order)]
  const classPath = [...beside, ...sdk.map(({ path }) => path)]
  return {
    name: 'javac',
    argv: [
      jdk.javac,
      // The compiler lives for a second: the second compiler tier would only cost.
      '-J-XX:TieredStopAtLevel=1',
      '-encoding',
      'UTF-8',
      ...releaseFlags(jdk, release),
      // JDKs warn that old releases will go; the release is the platform's, not the user's choice.
      '-Xlint:-options',
      ...processing(jdk, beside.length > 0),
      '-implicit:none',
      '-sourcepath',
      // The operator's jars have the real ones; javac would take whichever file is newer.
      hasPlatform(sdk) ? `${BUILD.home}/no-sources` : PLATFORM_SDK,
      '-classpath',
      classPath.join(':'),
      '-d',
      `${BUILD.output}/${CLASSES}`,
      // javac reads the list; a path with "@" at its start is not bound by a sandbox.
      `@${posix.relative(BUILD.source, SOURCE_LIST)}`,
    ],
    env: { LC_ALL: 'C.UTF-8', HOME: BUILD.home, PATH: '/usr/bin:/bin' },
    network: 'none',
    // Libraries may bring processors, which are code.
    cache: 'build',
    tools: [jdk, ownSdk(), ...sdkTool(sdk)],
    because,
    files: { [SOURCE_LIST]: sources.map(({ path }) => quoted(path)).join('\n') },
    failure: 'COMPILE_FAILED',
  }
}

/** The platform puts them on the class path too: every jar at the root of each. */
function attachedJars({ request: { dependencies = [] } }: Order): string[] {
  return dependencies.map(({ name }) => `${BUILD.attached}/${name}/*`)
}

/** Libraries may bring annotation processors (Lombok), which newer JDKs want to be told to run. */
function processing(jdk: Jdk, hasLibraries: boolean): string[] {
  if (!hasLibraries) return ['-proc:none']
  return jdk.release >= PROCESSING_FLAG_SINCE ? ['-proc:full'] : []
}

/** Whether they declare what functions are called with. */
function hasPlatform(jars: readonly OperatorJar[]): boolean {
  return jars.some(({ classes }) => classes.has('com.huawei.services.runtime.Context'))
}

function ownSdk(): Tool {
  return { name: 'java-sdk', version: '1', path: PLATFORM_SDK, binds: [PLATFORM_SDK] }
}

/** As javac's argument files want it: in quotes, with backslashes doubled. */
function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function nothingToCompile(tree: Tree): PacklineError {
  const shown = tree.files.slice(0, 5).map(({ path }) => path)
  const found = shown.length > 0 ? listed(shown, shown.length) : NO_FILE
  return failed('ENTRY_MISSING', javaFailures.nothingToCompile(found))
}
