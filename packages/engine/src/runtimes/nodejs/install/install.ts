import { dirname } from 'node:path'
import { BUILD, type CacheKind } from '../../../package.ts'
import { noTool } from '../../../tools/missing.ts'
import type { Tool } from '../../../tools/tools.ts'
import type { Tree } from '../../../tree.ts'
import type { Order, Stage } from '../../runtime.ts'
import type { Installer } from '../installer.ts'
import { mayShareCache } from './sharing-cache.ts'

/** What the stages of every package manager are made of. */
export interface Install {
  tree: Tree
  order: Order
  installer: Installer
  npm: Tool
  node: Tool
  /** Whether dependencies' scripts run; then the report says so. */
  scripts: boolean
  cache: CacheKind
}

/** Throws TOOL_MISSING where there is no npm: every other one is fetched by it. */
export async function startInstall(
  tree: Tree,
  order: Order,
  installer: Installer,
): Promise<Install> {
  const { npm, node } = order.tools
  if (!npm) throw noTool('npm')
  const scripts = order.request.build.installScripts ?? false
  const shares = !scripts && (await mayShareCache(tree, installer))
  return { tree, order, installer, npm, node, scripts, cache: shares ? 'tenant' : 'build' }
}

/** A stage that asks the registries, run by our own Node.js, whatever the machine's is. */
export function installStage(
  install: Install,
  { name, argv, env = {}, tool, files }: InstallCommand,
): Stage {
  const { node, installer, scripts, cache } = install
  return {
    name,
    argv,
    env: { ...environment(install, tool), ...env },
    network: 'registries',
    cache,
    tools: [tool, node],
    because: scripts
      ? `${installer.because}; install scripts run, as the request allows`
      : installer.because,
    files: { ...files, [GIT]: AWAY_FROM_SOURCE },
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
 * All of them ask git about dependencies from where they are, which is the source: git would take
 * that for a repository if it looks like one, and run what its settings name. A repository that a
 * manifest names inside the source is read, and runs nothing either.
 */
const GIT = `${BUILD.home}/bin/git`
const AWAY_FROM_SOURCE = `#!/bin/sh
[ "$PWD" = "$PACKLINE_SOURCE" ] && cd /
PATH=/usr/bin:/bin
exec git -c protocol.ext.allow=never -c core.fsmonitor=false -c core.hooksPath=/dev/null "$@"
`

/**
 * npm finds its registries by a variable, the others in their home's rc files. Scripts need Node.js
 * on PATH, and are told what they are to fetch or build for as npm tells them.
 */
function environment({ node, order, scripts }: Install, tool: Tool): Record<string, string> {
  const common = {
    HOME: tool.name === 'npm' ? BUILD.home : BUILD.registries,
    PATH: `${dirname(GIT)}:/usr/bin:/bin`,
    PACKLINE_SOURCE: BUILD.source,
    LC_ALL: 'C.UTF-8',
    // Colours and questions are for terminals.
    CI: 'true',
  }
  if (!scripts) return common
  const { architecture, version } = order.request
  return {
    ...common,
    PATH: `${dirname(GIT)}:${dirname(node.path)}:/usr/bin:/bin`,
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
