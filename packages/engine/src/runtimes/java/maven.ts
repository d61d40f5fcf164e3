import { posix } from 'node:path'
import { BUILD } from '../../package.ts'
import { noTool } from '../../tools/missing.ts'
import type { Jdk } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { chooseJdk, releaseOf } from './jdk.ts'
import { type OperatorJar, operatorJars, sdkTool } from './operator-jars.ts'
import { moduleOf, placesAsked, readPoms } from './poms.ts'
import type { Project } from './project.ts'
import { RUN_MAVEN } from './run-maven.ts'

/** Beside the module's own jar, so that each module of a project has its own libraries. */
export const LIBRARIES = 'packline-libraries'

/** Pinned: the version that Maven 3.8 takes by itself is too old for a current JDK. */
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'
/** Read by newer plugins as the time of all they write; the first that ZIP can hold everywhere. */
const OUTPUT_TIMESTAMP = '1980-02-01T00:00:00Z'
/** A number or a property: Ant's targets are called so, too. */
const SOURCE_OR_TARGET = /<(?:maven\.compiler\.)?(?:source|target)>\s*[\d$]|<java\.version>/
const ANY_RELEASE = /<(?:maven\.compiler\.)?release>/
const RELEASE = /<(?:maven\.compiler\.)?release>\s*(\d+)\s*</
/** From this JDK on, the libraries of Maven 3.8 cause warnings at each start. */
const WARNS_SINCE = 24

/** One run of Maven: the jar, and beside it every library that is needed at run time. */
export async function mavenStage(tree: Tree, project: Project, order: Order): Promise<Stage> {
  const { maven } = order.tools
  if (!maven) throw noTool('maven')
  const { jdk, because } = chooseJdk(order)
  const sdk = await operatorJars(order.profile)
  const poms = await readPoms(tree, project.root)
  const module = moduleOf(project, poms)
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
      ...unsaid([...poms.values()], releaseOf(order.request)),
      ...ofType(order),
      ...(module === undefined ? [] : ['--projects', module, '--also-make']),
      // Jars of an earlier build that came with the source would be taken for this one's.
      ...(tree.files.some(({ path }) => /(?:^|\/)target\//.test(path)) ? ['clean'] : []),
      'package',
      `${DEPENDENCY_PLUGIN}:copy-dependencies`,
      '-DincludeScope=runtime',
      `-DoutputDirectory=target/${LIBRARIES}`,
      // In folders by group and version: two libraries may have one file name.
      '-Dmdep.useRepositoryLayout=true',
    ],
    cwd: posix.join(BUILD.source, project.root),
    env: {
      JAVA_HOME: jdk.home,
      MAVEN_OPTS: ['-XX:TieredStopAtLevel=1', ...quiet(jdk)].join(' '),
      MAVEN_SKIP_RC: 'true',
      LC_ALL: 'C.UTF-8',
      HOME: BUILD.home,
      PATH: '/usr/bin:/bin',
      ...seeds(sdk),
    },
    network: 'registries',
    cache: 'plugins',
    tools: [maven, jdk, ...sdkTool(sdk)],
    because: `there is a ${project.because}; ${because}`,
    asked: placesAsked(poms),
    files: { [`${BUILD.home}/run-maven.sh`]: RUN_MAVEN },
    failure: 'INSTALL_FAILED',
  }
}

/** The platform's jars by the coordinates that they name: they are in no registry. */
function seeds(sdk: readonly OperatorJar[]): Record<string, string> {
  const lines = sdk.flatMap(({ path, maven: of }) => {
    return of ? [[path, of.group, of.artifact, of.version].join('|')] : []
  })
  if (lines.length === 0) return {}
  return { PACKLINE_SDK: lines.join('\n'), PACKLINE_REPOSITORY: `${BUILD.cache}/maven` }
}

/** What a pom leaves open and old default plugins would get wrong; what a pom says, holds. */
function unsaid(poms: readonly string[], release: number): string[] {
  const says = (pattern: RegExp) => poms.some((pom) => pattern.test(pom))
  const flags: string[] = []
  if (!says(SOURCE_OR_TARGET)) {
    // Plugins before 3.6 know source and target only, and take 5 where nothing is said.
    const said = new Set(poms.flatMap((pom) => RELEASE.exec(pom)?.[1] ?? []))
    const [value = String(release)] = said.size === 1 ? said : []
    flags.push(`-Dmaven.compiler.source=${value}`, `-Dmaven.compiler.target=${value}`)
    // Newer ones prefer the release.
    if (!says(ANY_RELEASE)) flags.push(`-Dmaven.compiler.release=${release}`)
  }
  if (!says(/<project\.build\.sourceEncoding>|<encoding>/)) {
    flags.push('-Dproject.build.sourceEncoding=UTF-8')
  }
  return flags
}

/** An event function's class loader does not look into Spring Boot's executable jars (java-jar). */
function ofType({ request }: Order): string[] {
  return request.type === 'http' ? [] : ['-Dspring-boot.repackage.skip=true']
}

function quiet({ release }: Jdk): string[] {
  if (release < WARNS_SINCE) return []
  return ['--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow']
}
