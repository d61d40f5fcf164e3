import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BUILD } from '../../../package.ts'
import type { Jdk } from '../../../tools/tools.ts'
import type { Tree } from '../../../tree.ts'
import type { Order, Stage } from '../../runtime.ts'
import { chooseJdk, releaseOf } from '../jdk.ts'
import { operatorJars, sdkTool } from '../operator-jars.ts'
import type { Project } from '../project.ts'
import { chooseGradle, type GradleChoice } from './choose-gradle.ts'
import { placesAsked } from './places-asked.ts'
import { RUN_GRADLE } from './run-gradle.ts'
import { wrapperOf } from './wrapper.ts'

/** Where collect finds the jars, below BUILD.output. */
export const PRODUCTS = 'gradle'

/** The first stage of a project with a wrapper; its failure means: no distribution. */
export const WRAPPER_STAGE = 'gradle wrapper'

const INIT_SCRIPT = fileURLToPath(new URL('packline.init.gradle', import.meta.url))
const RUN_SCRIPT = `${BUILD.home}/run-gradle.sh`
/** What the script starts: the last stage that was carried out has written it. */
const PROGRAM = `${BUILD.home}/gradle-program.sh`
const SCRIPT_BYTES_MAX = 1024 * 1024
const SCRIPT = /\.gradle(?:\.kts)?$/
const SAYS_RELEASE =
  /(?:source|target)Compatibility|languageVersion|jvmToolchain|options\.release|--release|jvmTarget|org\.jetbrains\.kotlin/

/**
 * The project's wrapper first fetches its distribution; where that can not be had, and where there
 * is no wrapper, the worker's own Gradle builds.
 */
export async function gradleStages(tree: Tree, project: Project, order: Order): Promise<Stage[]> {
  const compiler = chooseJdk(order)
  const wrapper = await wrapperOf(tree, project.root)
  const choices = chooseGradle(wrapper, order, compiler.jdk)
  const build = await buildStage(tree, project, order, choices, compiler)
  const [first, second] = choices
  if (first.tool === order.tools.gradle) {
    return [{ ...build, files: { ...build.files, [PROGRAM]: first.program } }]
  }
  const because = `${wrapper?.properties} names it`
  const otherwise = second && {
    ...versionStage('gradle', second, project),
    because: `instead of ${wrapper?.address}`,
  }
  return [{ ...versionStage(WRAPPER_STAGE, first, project), because, otherwise }, build]
}

/** Fetches what a wrapper stands for, or shows that the worker's own Gradle starts. */
function versionStage(
  name: string,
  choice: GradleChoice,
  project: Project,
): Omit<Stage, 'because'> {
  return {
    ...started(['--version'], project, choice),
    name,
    tools: [choice.tool, choice.jdk],
    files: { [RUN_SCRIPT]: RUN_GRADLE, [PROGRAM]: choice.program },
    failure: 'INSTALL_FAILED',
  }
}

async function buildStage(
  tree: Tree,
  project: Project,
  order: Order,
  choices: readonly [GradleChoice, ...GradleChoice[]],
  { jdk, because }: { jdk: Jdk; because: string },
): Promise<Stage> {
  const { module, entry } = project
  const sdk = await operatorJars(order.profile)
  const release = (await saysRelease(tree, project)) ? [] : [releaseOf(order.request)]
  const switches = ['configuration-cache', 'unsafe.configuration-cache', 'configureondemand']
  const argv = [
    '--no-daemon',
    '--console=plain',
    '--init-script',
    INIT_SCRIPT,
    // What came with the source of another build's history says nothing of this one.
    '--project-cache-dir',
    `${BUILD.home}/gradle-history`,
    ...switches.map((name) => `-Dorg.gradle.${name}=false`),
    `-Dpackline.output=${BUILD.output}/${PRODUCTS}`,
    `-Dpackline.type=${order.request.type}`,
    `-Dpackline.jdk=${jdk.home}`,
    ...(sdk.length > 0 ? [`-Dpackline.sdk=${sdk.map(({ path }) => path).join(':')}`] : []),
    ...release.map((number) => `-Dpackline.release=${number}`),
    ...(module === undefined ? [] : [`-Dpackline.module=${module || '.'}`]),
    ...(entry === undefined ? [] : [`-Dpackline.entry=${entry || '.'}`]),
    'packlineCollect',
  ]
  const [first] = choices
  const binds = choices.flatMap((choice) => [...choice.tool.binds, ...choice.jdk.binds])
  const ours = {
    name: 'gradle-init',
    version: '1',
    path: INIT_SCRIPT,
    binds: [INIT_SCRIPT, ...binds],
  }
  return {
    ...started(argv, project, first),
    name: 'gradle build',
    // Its distribution is there by now.
    access: 'Gradle',
    tools: [first.tool, jdk, ours, ...sdkTool(sdk)],
    because: `there is a ${project.because}; ${because}`,
    asked: await placesAsked(tree, project.root),
    files: { [RUN_SCRIPT]: RUN_GRADLE },
    failure: 'INSTALL_FAILED',
  }
}

function started(
  args: readonly string[],
  project: Project,
  { distributions }: GradleChoice,
): Pick<Stage, 'argv' | 'cwd' | 'env' | 'network' | 'cache'> {
  const folders = [`${BUILD.home}/gradle`, `${BUILD.cache}/gradle/caches`, distributions]
  return {
    argv: ['/bin/sh', RUN_SCRIPT, ...folders, PROGRAM, ...args],
    cwd: posix.join(BUILD.source, project.root),
    env: { LC_ALL: 'C.UTF-8', HOME: BUILD.home, PATH: '/usr/bin:/bin' },
    network: 'registries',
    cache: 'plugins',
  }
}

/** Kotlin wants one release for both compilers: there the project's own word holds. */
async function saysRelease(tree: Tree, { root }: Project): Promise<boolean> {
  const prefix = root === '' ? '' : `${root}/`
  for (const { path, linkTarget, size } of tree.files) {
    if (!path.startsWith(prefix) || !SCRIPT.test(path) || linkTarget !== undefined) continue
    if (size > SCRIPT_BYTES_MAX) return true
    const text = (await tree.read(path, SCRIPT_BYTES_MAX)).toString('utf8')
    if (SAYS_RELEASE.test(text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''))) return true
  }
  return false
}
