import { posix } from 'node:path'
import { PacklineError } from '@packline/shared'
import { BUILD } from '../../package.ts'
import { type Jdk, missing } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { chooseJdk, releaseOf } from './jdk.ts'
import { RUN_MAVEN } from './run-maven.ts'

/** Beside the module's own jar, so that each module of a project has its own libraries. */
export const LIBRARIES = 'packline-libraries'

const POM_BYTES_MAX = 4 * 1024 * 1024
/** Pinned: the version that Maven 3.8 takes by itself is too old for a current JDK. */
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'
/** Read by newer plugins as the time of all they write; the first that ZIP can hold everywhere. */
const OUTPUT_TIMESTAMP = '1980-02-01T00:00:00Z'
/** From this JDK on, the libraries of Maven 3.8 cause warnings at each start. */
const WARNS_SINCE = 24

/** One run of Maven: the jar, and beside it every library that is needed at run time. */
export async function mavenStage(tree: Tree, order: Order): Promise<Stage> {
  const { maven } = order.tools
  if (!maven) {
    const { what, mend } = missing('maven')
    throw new PacklineError('TOOL_MISSING', what, { hint: mend })
  }
  const { jdk, because } = chooseJdk(order)
  const settings = await unsaid(tree, releaseOf(order.request))
  return {
    name: 'mvn package',
    argv: [
      '/bin/sh',
      `${BUILD.home}/run-maven.sh`,
      maven.path,
      '--batch-mode',
      '--no-transfer-progress',
      // Otherwise what was missing once is not asked for again for a day.
      '--update-snapshots',
      '-Dstyle.color=never',
      `-Duser.home=${BUILD.home}`,
      `-Dmaven.repo.local=${BUILD.cache}/maven`,
      '-Dmaven.test.skip=true',
      `-Dproject.build.outputTimestamp=${OUTPUT_TIMESTAMP}`,
      ...settings,
      // Jars of an earlier build that came with the source would be taken for this one's.
      ...(tree.files.some(({ path }) => /(?:^|\/)target\//.test(path)) ? ['clean'] : []),
      'package',
      `${DEPENDENCY_PLUGIN}:copy-dependencies`,
      '-DincludeScope=runtime',
      `-DoutputDirectory=target/${LIBRARIES}`,
    ],
    env: {
      JAVA_HOME: jdk.home,
      MAVEN_OPTS: ['-XX:TieredStopAtLevel=1', ...quiet(jdk)].join(' '),
      MAVEN_SKIP_RC: 'true',
      LC_ALL: 'C.UTF-8',
      HOME: BUILD.home,
      PATH: '/usr/bin:/bin',
    },
    network: 'registries',
    tools: [maven, jdk],
    because: `there is a pom.xml; ${because}`,
    files: { [`${BUILD.home}/run-maven.sh`]: RUN_MAVEN },
    failure: 'INSTALL_FAILED',
  }
}

/** What a pom leaves open and old default plugins would get wrong; what a pom says, holds. */
async function unsaid(tree: Tree, release: number): Promise<string[]> {
  const poms = await readPoms(tree)
  const says = (pattern: RegExp) => poms.some((pom) => pattern.test(pom))
  const flags: string[] = []
  if (!says(/<(?:maven\.compiler\.)?(?:source|target|release)>|<java\.version>/)) {
    // Plugins before 3.6 know source and target only, newer ones prefer the release.
    for (const name of ['source', 'target', 'release']) {
      flags.push(`-Dmaven.compiler.${name}=${release}`)
    }
  }
  if (!says(/<project\.build\.sourceEncoding>|<encoding>/)) {
    flags.push('-Dproject.build.sourceEncoding=UTF-8')
  }
  return flags
}

/** The pom of the root and those of its modules, without comments. */
async function readPoms(tree: Tree): Promise<string[]> {
  const files = tree.files.filter(
    ({ path, linkTarget }) => posix.basename(path) === 'pom.xml' && linkTarget === undefined,
  )
  return Promise.all(
    files.map(async ({ path }) => {
      const text = (await tree.read(path, POM_BYTES_MAX)).toString('utf8')
      return text.replace(/<!--[\s\S]*?-->/g, '')
    }),
  )
}

function quiet({ release }: Jdk): string[] {
  if (release < WARNS_SINCE) return []
  return ['--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow']
}
