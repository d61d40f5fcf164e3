import { failed, PacklineError } from '@packline/shared'
import type { BuildContext, ToolAccess } from '../../context.ts'
import { BUILD } from '../../package.ts'
import type { Network, ToolResult } from '../../process/command.ts'
import { gitFailures } from '../../texts/failures/git.ts'
import type { Tool } from '../../tools/tools.ts'
import type { Workbench } from '../../workbench.ts'
import type { GitAccess } from './access.ts'
import { explain } from './explain.ts'
import { MIRROR, type Mirror } from './mirror/mirror.ts'
import type { Remote } from './remote.ts'

/** Everything that the git commands of one fetch share. */
export interface GitWork {
  git: Tool
  remote: Remote
  /** Branch, tag or commit id; checked. */
  ref: string
  context: BuildContext
  bench: Workbench
  /** Of a private repository. */
  access?: GitAccess
  /** Files come when they are asked for, where the server can. */
  isPartial?: boolean
  /** What need not be sent again. */
  mirror?: Mirror
}

/** Where a local repository stands inside. */
const LOCAL = '/repository'
/** The name that git knows the server by: without one it would get no files later. */
export const SERVER = 'origin'
export const REPOSITORY = `${BUILD.root}/git`
/** A server that sends next to nothing for so long is one that does not answer. */
const STALL_SECONDS = 30
const FETCH_MS_MAX = 5 * 60_000

export async function mustGit(
  work: GitWork,
  args: readonly string[],
  network: Network,
  more: GitOptions = {},
): Promise<ToolResult> {
  const result = await runGit(work, args, network, more)
  if (result.exitCode !== 0) throw explain(result, work)
  return result
}

/** `settings` of the repository for this command; `workTree` in place of the build's source. */
export interface GitOptions {
  settings?: readonly string[]
  workTree?: string
  /** Its output is read by the caller and is no part of the log. */
  onLine?: (line: string) => void
}

export async function runGit(
  work: GitWork,
  args: readonly string[],
  wanted: Network,
  { settings = [], workTree = BUILD.source, onLine }: GitOptions = {},
): Promise<ToolResult> {
  const { git, remote, bench, context, mirror } = work
  const network = remote.kind === 'host' ? wanted : 'none'
  const local = remote.kind === 'local' ? [{ from: remote.path, to: LOCAL }] : []
  const mirrored = mirror ? [{ from: mirror.folder, to: MIRROR }] : []
  const own = network === 'none' ? undefined : work.access
  const address = remote.kind === 'host' ? remote.url : LOCAL
  const all = [...SETTINGS, `remote.${SERVER}.url=${address}`, ...settings]
  const command = {
    argv: [git.path, ...all.flatMap((one) => ['-c', one]), ...args],
    cwd: BUILD.source,
    env: {
      ...environment(remote, workTree),
      ...(mirror && { GIT_ALTERNATE_OBJECT_DIRECTORIES: foldersOf(mirror) }),
      ...own?.env,
      ...(own && { GIT_CONFIG_GLOBAL: CONFIG }),
    },
    network,
    reach: remote.kind === 'host' ? remote.reach : [],
    access:
      network === 'none'
        ? undefined
        : toolAccess(context.registries.of(git, context.isolation.kind), own),
    binds: [...git.binds.map((path) => ({ from: path, to: path })), ...local, ...mirrored],
    timeoutMs: FETCH_MS_MAX,
    secrets: own?.secrets,
    ...(onLine && { onLine }),
  }
  try {
    return await bench.run(command)
  } catch (error) {
    const isSlow = error instanceof PacklineError && error.code === 'TIMED_OUT'
    if (!isSlow || network === 'none') throw error
    const host = remote.kind === 'host' ? remote.host : remote.path
    const found = { en: error.message, zh: error.zh?.detail ?? error.message }
    throw failed('SOURCE_UNREACHABLE', gitFailures.slow(host, found), { cause: error })
  }
}

function foldersOf({ kept }: Mirror): string {
  return kept.map((name) => `${MIRROR}/${name}`).join(':')
}

/** In place of the one in the home folder, which any code of the build could read. */
const CONFIG = `${BUILD.registries}/gitconfig`

/** A local repository is another user's than the one that reads it; only files say that it may. */
export const TRUSTING = '[safe]\n\tdirectory = *\n'

function toolAccess(common: ToolAccess, own: GitAccess | undefined): ToolAccess {
  if (!own) return common
  const files = { ...common.files, ...own.files, [CONFIG]: `${TRUSTING}${own.config}` }
  return { ...common, files, binds: [...common.binds, ...own.binds] }
}

/**
 * No program that a repository or a machine names is run, and bytes come as they were committed;
 * what is fetched stays in the pack that it came in.
 */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.autocrlf=false',
  'core.eol=lf',
  'core.symlinks=true',
  // Names that would be .git on other file systems are none of a package's either.
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'credential.helper=',
  'fetch.unpackLimit=1',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.version=2',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  'advice.detachedHead=false',
  'http.lowSpeedLimit=1000',
  `http.lowSpeedTime=${STALL_SECONDS}`,
]

function environment(remote: Remote, workTree: string): Record<string, string> {
  return {
    HOME: BUILD.home,
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C.UTF-8',
    GIT_DIR: REPOSITORY,
    GIT_WORK_TREE: workTree,
    GIT_ALLOW_PROTOCOL: remote.kind === 'host' ? remote.protocols : 'file',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: `${BUILD.home}/gitconfig`,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GIT_LFS_SKIP_SMUDGE: '1',
  }
}
