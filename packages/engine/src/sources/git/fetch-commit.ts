import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PacklineError } from '@packline/shared'
import type { BuildContext } from '../../context.ts'
import { BUILD } from '../../package.ts'
import type { Network, ToolResult } from '../../process/command.ts'
import type { Tool } from '../../tools/tools.ts'
import type { Workbench } from '../../workbench.ts'
import { explain, mayGiveHistory } from './explain.ts'
import { isCommit, type Remote } from './remote.ts'

/** Everything that the git commands of one fetch share. */
export interface GitWork {
  git: Tool
  remote: Remote
  /** Branch, tag or commit id; checked. */
  ref: string
  context: BuildContext
  bench: Workbench
}

/** Where a local repository stands inside. */
const LOCAL = '/repository'
const REPOSITORY = `${BUILD.root}/git`
/** All branches and tags, for servers that give no single commit. */
const EVERYTHING = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']
/** A server that sends next to nothing for so long is one that does not answer. */
const STALL_SECONDS = 30
const FETCH_MS_MAX = 5 * 60_000

/**
 * Checks a commit out into the build's source folder and gives its id, which `pin` was told first.
 * Throws SOURCE_NOT_FOUND, SOURCE_NOT_ALLOWED, SOURCE_UNREACHABLE.
 */
export async function fetchCommit(
  work: GitWork,
  pin: (commit: string) => Promise<void>,
): Promise<string> {
  const { bench } = work
  await bench.folder('source')
  const config = join(await bench.folder('home'), 'gitconfig')
  // A local repository is another user's than the one that reads it; only files say that it may.
  await writeFile(config, '[safe]\n\tdirectory = *\n')
  await must(work, ['init', '-q', '--initial-branch=packline'], 'none')
  const commit = await fetchOne(work)
  await pin(commit)
  await must(work, ['checkout', '-q', '--force', '--detach', commit], 'none')
  return commit
}

/** One commit where the server gives one, else the whole history and the commit out of it. */
async function fetchOne(work: GitWork): Promise<string> {
  const { remote, ref, context } = work
  const address = remote.kind === 'host' ? remote.url : LOCAL
  const message = remote.kind === 'host' ? remote.url : remote.path
  context.reporter.event({
    type: 'stage',
    stage: 'git fetch',
    command: `git fetch ${message} ${ref}`,
  })
  const plain = ['fetch', '-q', '--no-tags', '--no-recurse-submodules']
  const shallow = await run(work, [...plain, '--depth', '1', '--', address, ref], 'source-host')
  if (shallow.exitCode === 0) return commitOf(work, 'FETCH_HEAD')
  if (!mayGiveHistory(shallow)) throw explain(shallow, work)
  const refs = isCommit(ref) ? EVERYTHING : [ref]
  await must(work, [...plain, '--', address, ...refs], 'source-host')
  return commitOf(work, isCommit(ref) ? ref : 'FETCH_HEAD')
}

async function commitOf(work: GitWork, revision: string): Promise<string> {
  const asked = ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`]
  const { stdout } = await must(work, asked, 'none')
  const commit = stdout.trim()
  if (isCommit(commit)) return commit
  throw new Error(`git rev-parse answered ${JSON.stringify(commit.slice(0, 100))}`)
}

async function must(work: GitWork, args: readonly string[], network: Network): Promise<ToolResult> {
  const result = await run(work, args, network)
  if (result.exitCode !== 0) throw explain(result, work)
  return result
}

async function run(work: GitWork, args: readonly string[], wanted: Network): Promise<ToolResult> {
  const { git, remote, bench, context } = work
  const network = remote.kind === 'host' ? wanted : 'none'
  const local = remote.kind === 'local' ? [{ from: remote.path, to: LOCAL }] : []
  const command = {
    argv: [git.path, ...SETTINGS.flatMap((setting) => ['-c', setting]), ...args],
    cwd: BUILD.source,
    env: environment(remote),
    network,
    reach: remote.kind === 'host' ? remote.reach : [],
    access: network === 'none' ? undefined : context.registries.of(git.name),
    binds: [...git.binds.map((path) => ({ from: path, to: path })), ...local],
    timeoutMs: FETCH_MS_MAX,
  }
  try {
    return await bench.run(command)
  } catch (error) {
    const isSlow = error instanceof PacklineError && error.code === 'TIMED_OUT'
    if (!isSlow || network === 'none') throw error
    const host = remote.kind === 'host' ? remote.host : remote.path
    const detail = `${host} did not send the commit: ${error.message}`
    throw new PacklineError('SOURCE_UNREACHABLE', detail, { cause: error })
  }
}

/**
 * No program that a repository or a machine names is run, and bytes come as they were committed.
 */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.autocrlf=false',
  'core.eol=lf',
  'core.symlinks=true',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.version=2',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  'advice.detachedHead=false',
  'http.lowSpeedLimit=1000',
  `http.lowSpeedTime=${STALL_SECONDS}`,
]

function environment(remote: Remote): Record<string, string> {
  return {
    HOME: BUILD.home,
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C.UTF-8',
    GIT_DIR: REPOSITORY,
    GIT_WORK_TREE: BUILD.source,
    GIT_ALLOW_PROTOCOL: remote.kind === 'host' ? remote.protocols : 'file',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: `${BUILD.home}/gitconfig`,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GIT_LFS_SKIP_SMUDGE: '1',
  }
}
