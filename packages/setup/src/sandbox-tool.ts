import { statSync } from 'node:fs'
import path from 'node:path'
import { LIBRARY_VARIABLE, unpackedPrograms, unpackPrograms } from './debian.ts'
import { type Environment, toolEnvironment } from './environment.ts'
import { findOnPath } from './find-on-path.ts'
import { runCommand } from './process/command.ts'
import { firstThatWorks } from './way.ts'

export interface SandboxTool {
  /** Path of bwrap, which every user of this machine can reach and run. */
  program: string
  how: string
}

export interface SandboxOptions {
  /** Where Debian's packages are unpacked, such as `<clone>/.local/debian`. */
  debianFolder: string
  environment: Environment
  note: (line: string) => void
  signal?: AbortSignal
  /** Whether we are root, who must become somebody else before bubblewrap starts. */
  isRoot?: boolean
}

/** Where root unpacks it when the clone stands below a folder that only root may enter. */
const SYSTEM_CACHE = '/var/cache/packline/debian'
/** Any id without an account will do to try it: `nobody` on Debian. */
const TRIAL_USER = '65534'
const TRIAL_MS_MAX = 10_000
/** What helps bubblewrap to start is not for what runs inside. */
const PROGRAM = {
  package: 'bubblewrap',
  program: 'bwrap',
  firstArguments: ['--unsetenv', LIBRARY_VARIABLE],
}

/**
 * Finds bubblewrap and proves that it makes a sandbox here (in a container it may not); fails with
 * `SANDBOX_FAILED`, after which builds run without one and every report says so.
 */
export function findSandboxTool(options: SandboxOptions): Promise<SandboxTool> {
  const isRoot = options.isRoot ?? process.getuid?.() === 0
  return firstThatWorks({
    thing: 'bubblewrap',
    ways: [
      { name: 'on PATH', open: () => takeFromPath(isRoot, options) },
      { name: "the distribution's package", open: () => unpack(isRoot, options) },
    ],
    note: options.note,
    code: 'SANDBOX_FAILED',
    hint: 'Install bubblewrap and allow user namespaces, or run on a trusted machine without.',
    signal: options.signal,
  })
}

/** Where bubblewrap is unpacked: every user that builds run as must be able to enter it. */
export function sandboxFolder(
  debianFolder: string,
  isRoot: boolean = process.getuid?.() === 0,
): string {
  return isRoot && !isOpenToAll(debianFolder) ? SYSTEM_CACHE : debianFolder
}

/**
 * bubblewrap on PATH, or as it was unpacked before, where a folder is given; not tried. Nothing is
 * installed.
 */
export function presentSandboxTool(
  environment: Environment,
  debianFolder: string | undefined,
): string | undefined {
  const onPath = findOnPath(environment, PROGRAM.program)
  if (onPath !== undefined || debianFolder === undefined) return onPath
  return unpackedPrograms([PROGRAM], sandboxFolder(debianFolder))?.[0]
}

async function takeFromPath(isRoot: boolean, options: SandboxOptions): Promise<SandboxTool> {
  const program = findOnPath(options.environment, PROGRAM.program)
  if (!program) throw new Error('no bwrap')
  await tryOut(program, isRoot, options)
  return { program, how: 'on PATH' }
}

async function unpack(isRoot: boolean, options: SandboxOptions): Promise<SandboxTool> {
  if (process.platform !== 'linux') throw new Error('there are no such sandboxes but on Linux')
  const { debianFolder, environment, signal } = options
  const folder = sandboxFolder(debianFolder, isRoot)
  const [program] = await unpackPrograms([PROGRAM], { folder, environment, signal })
  if (!program) throw new Error('it was not unpacked')
  await tryOut(program, isRoot, options)
  return { program, how: 'unpacked' }
}

/** The shape that builds run in, with nothing to do. */
async function tryOut(program: string, isRoot: boolean, options: SandboxOptions): Promise<void> {
  const trial: [string, ...string[]] = [
    program,
    ...['--unshare-user', '--unshare-pid', '--unshare-net'],
    ...['--die-with-parent', '--new-session', '--clearenv', '--ro-bind', '/', '/'],
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '/bin/true'],
  ]
  const become = [`--reuid=${TRIAL_USER}`, `--regid=${TRIAL_USER}`, '--clear-groups']
  await runCommand(isRoot ? ['setpriv', ...become, ...trial] : trial, {
    env: toolEnvironment(options.environment),
    cwd: '/',
    timeoutMs: TRIAL_MS_MAX,
    signal: options.signal,
  })
}

/** Whether any user may enter a folder, or its first parent that is there, and all above it. */
function isOpenToAll(folder: string): boolean {
  const parent = path.dirname(folder)
  if (parent === folder) return true
  const mode = statSync(folder, { throwIfNoEntry: false })?.mode
  const isOpen = mode === undefined || (mode & 0o001) !== 0
  return isOpen && isOpenToAll(parent)
}
