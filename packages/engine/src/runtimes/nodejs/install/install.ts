import { dirname } from 'node:path'
import { BUILD } from '../../../package.ts'
import { noTool } from '../../../tools/missing.ts'
import type { Tool } from '../../../tools/tools.ts'
import type { Tree } from '../../../tree.ts'
import type { Order, Stage } from '../../runtime.ts'
import type { Installer } from '../installer.ts'

/** What the stages of every package manager are made of. */
export interface Install {
  tree: Tree
  order: Order
  installer: Installer
  npm: Tool
  node: Tool
  /** Whether dependencies' scripts run; then the report says so. */
  scripts: boolean
}

/** Throws TOOL_MISSING where there is no npm: every other one is fetched by it. */
export function startInstall(tree: Tree, order: Order, installer: Installer): Install {
  const { npm, node } = order.tools
  if (!npm) throw noTool('npm')
  return { tree, order, installer, npm, node, scripts: order.request.build.installScripts ?? false }
}

/** A stage that asks the registries, run by our own Node.js, whatever the machine's is. */
export function installStage(
  install: Install,
  { name, argv, env = {}, tool, files }: InstallCommand,
): Stage {
  const { node, installer, scripts } = install
  return {
    name,
    argv,
    env: { ...environment(install, tool), ...env },
    network: 'registries',
    cache: scripts ? 'build' : 'tenant',
    tools: [tool, node],
    because: scripts
      ? `${installer.because}; install scripts run, as the request allows`
      : installer.because,
    files,
    failure: 'INSTALL_FAILED',
  }
}

interface InstallCommand {
  name: string
  argv: readonly string[]
  env?: Record<string, string>
  /** What asks the registries: its settings are given to the stage. */
  tool: Tool
  files?: Stage['files']
}

/**
 * npm finds its registries by a variable, the others in their home's rc files. Scripts need Node.js
 * on PATH, and are told what they are to fetch or build for as npm tells them.
 */
function environment({ node, order, scripts }: Install, tool: Tool): Record<string, string> {
  const common = {
    HOME: tool.name === 'npm' ? BUILD.home : BUILD.registries,
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C.UTF-8',
    // Colours and questions are for terminals.
    CI: 'true',
  }
  if (!scripts) return common
  const { architecture, version } = order.request
  return {
    ...common,
    PATH: `${dirname(node.path)}:/usr/bin:/bin`,
    npm_config_platform: 'linux',
    npm_config_arch: cpuOf(architecture),
    // Prebuilt files are looked for by it: those of the function's Node.js, not of ours.
    npm_config_target: [...version.split('.'), '0', '0'].slice(0, 3).join('.'),
  }
}

/** As Node.js names processors. */
export function cpuOf(architecture: Order['request']['architecture']): 'arm64' | 'x64' {
  return architecture === 'aarch64' ? 'arm64' : 'x64'
}

/**
 * Yarn and pnpm choose among a package's native files by the process that they run in: it is told
 * to be the function's.
 */
export function asOnPlatform({ order }: Install): { require: string[]; files: Stage['files'] } {
  const path = `${BUILD.home}/as-on-platform.cjs`
  const text = `const is = { platform: 'linux', arch: '${cpuOf(order.request.architecture)}' }
for (const [name, value] of Object.entries(is)) Object.defineProperty(process, name, { value })
`
  return { require: ['--require', path], files: { [path]: text } }
}
