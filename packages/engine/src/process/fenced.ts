import type { Bind, ToolCommand } from './command.ts'
import { doorArguments, doorBinds, throughDoor } from './gateway/door.ts'
import type { Fence } from './isolation.ts'
import { FILTER_DESCRIPTOR, GATE_DESCRIPTOR, type Launch, STATUS_DESCRIPTOR } from './launch.ts'
import { fileBytesMax } from './limits.ts'

/** Python's multiprocessing and Chromium want shared memory; little is enough for builds. */
const SHARED_MEMORY_BYTES_MAX = 64 * 1024 * 1024

/** For setpriv, which drops them all with its user; and for entering a folder of the slot's. */
const CAPABILITIES = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP', 'CAP_DAC_READ_SEARCH']

/** Variables that the loader or libc obeys in every program; the fence's own must not see them. */
const LIBC_VARIABLE =
  /^(?:LD_|GLIBC_|GCONV_|MALLOC_|RES_|LOC|NLSPATH|LANGUAGE|HOSTALIASES|NIS_|GETCONF_|TZDIR|TMPDIR)/
/** The same of Node.js, which opens a door. */
const NODE_VARIABLE = /^NODE_/

/**
 * The command in bubblewrap: own user or user namespace, own processes, mounts, host name and
 * network; of the worker's files it sees the system's, read-only, and its binds. A command that may
 * reach somebody gets a door in its own empty network.
 */
export function fenced(command: ToolCommand, fence: Fence, uid: number | undefined): Launch {
  const inside = fence.form === 'mounts-first' && uid !== undefined
  const { reach = [] } = command
  const hasDoor = command.network !== 'none'
  // git takes the door to wherever it is; a redirect to another port is then refused and told.
  const direct = command.network === 'registries' ? reach : []
  const binds = hasDoor ? [...command.binds, ...doorBinds(fence.node)] : command.binds
  const { plain, guarded } = hasDoor
    ? sortVariables(throughDoor(command.env, direct), [LIBC_VARIABLE, NODE_VARIABLE])
    : sortVariables(command.env, [LIBC_VARIABLE])
  const gated = fence.held.size > 0
  const before = [
    ...(inside ? dropPrivileges(fence, uid) : []),
    ...(uid === undefined ? processesInside(fence) : []),
    ...(hasDoor ? doorArguments(direct) : []),
  ]
  const [file = '', ...args] = [
    ...bounds(fence, uid),
    fence.bwrap,
    // It reads further arguments to their end, of which there are none, before it does anything.
    ...(gated ? ['--args', String(GATE_DESCRIPTOR)] : []),
    ...namespaces(fence),
    ...fence.systemArguments,
    ...fence.offlineArguments,
    ...mounts(binds, command.tmpBytesMax ?? fence.limits.tmpBytesMax),
    '--seccomp',
    String(FILTER_DESCRIPTOR),
    '--chdir',
    command.cwd,
    ...(before.length === 0 ? guarded.flatMap(([name, value]) => ['--setenv', name, value]) : []),
    ...before,
    ...(before.length > 0 ? setVariables(guarded, hasDoor ? fence.signalOptions : undefined) : []),
    ...command.argv,
  ]
  const env = Object.fromEntries(plain)
  const { filter } = fence
  const door = hasDoor ? { network: command.network, reach, env: command.env } : undefined
  return { file, args, env, uid: inside ? undefined : uid, isFenced: true, filter, gated, door }
}

function sortVariables(env: ToolCommand['env'], patterns: readonly RegExp[]) {
  const plain: [string, string][] = []
  const guarded: [string, string][] = []
  for (const entry of Object.entries(env)) {
    if (patterns.some((pattern) => pattern.test(entry[0]))) guarded.push(entry)
    else plain.push(entry)
  }
  return { plain, guarded }
}

/** A limit of processes counts all of the user's: it is set only where the user is the slot's. */
function bounds({ prlimit, held, limits }: Fence, uid: number | undefined): string[] {
  if (prlimit === undefined) return []
  const { processesMax, memoryBytesMax, openFilesMax } = limits
  return [
    prlimit,
    '--core=0',
    `--fsize=${fileBytesMax(limits)}`,
    `--nofile=${openFilesMax}`,
    ...(uid === undefined || held.has('pids') ? [] : [`--nproc=${processesMax}`]),
    // Not of the address space: Go, Java and Node.js reserve much more of it than they use.
    ...(held.has('memory') ? [] : [`--data=${memoryBytesMax}`]),
  ]
}

/** Set inside, it counts what runs in the command's own user namespace and nothing else. */
function processesInside({ prlimit, held, countsInside, limits }: Fence): string[] {
  if (prlimit === undefined || !countsInside || held.has('pids')) return []
  return [prlimit, `--nproc=${limits.processesMax}`, '--']
}

function namespaces({ form, disableUserns }: Fence): string[] {
  const user =
    form === 'mounts-first'
      ? CAPABILITIES.flatMap((name) => ['--cap-add', name])
      : ['--unshare-user', '--uid', '1000', '--gid', '1000']
  return [
    '--json-status-fd',
    String(STATUS_DESCRIPTOR),
    '--die-with-parent',
    '--new-session',
    '--unshare-ipc',
    '--unshare-pid',
    '--unshare-uts',
    '--unshare-cgroup-try',
    '--unshare-net',
    '--hostname',
    'localhost',
    '--cap-drop',
    'ALL',
    ...user,
    ...(disableUserns && form !== 'mounts-first' ? ['--disable-userns'] : []),
  ]
}

/** Everything that can be written is bounded or bound: / and /dev are closed last. */
function mounts(binds: readonly Bind[], tmpBytesMax: number): string[] {
  const temporary = (path: string, bytesMax: number) => {
    return ['--perms', '1777', '--size', String(bytesMax), '--tmpfs', path]
  }
  const wanted = binds.filter((bind) => !isOfSystem(bind))
  return [
    ...temporary('/tmp', tmpBytesMax),
    ...temporary('/dev/shm', SHARED_MEMORY_BYTES_MAX),
    // bubblewrap makes missing parents as 0700, which keeps the slot's user out.
    ...parentsOf(wanted).flatMap((folder) => ['--perms', '0755', '--dir', folder]),
    ...wanted.flatMap(({ from, to, writable }) => [writable ? '--bind' : '--ro-bind', from, to]),
    '--remount-ro',
    '/dev',
    '--remount-ro',
    '/',
  ]
}

/** /usr is there as it is; binding parts of it again would only cost time. */
function isOfSystem({ from, to, writable }: Bind): boolean {
  return from === to && !writable && (to === '/usr' || to.startsWith('/usr/'))
}

function parentsOf(binds: readonly Bind[]): string[] {
  const targets = new Set(binds.map(({ to }) => to))
  const parents = new Set<string>()
  for (const target of targets) {
    const names = target.split('/').slice(1, -1)
    for (const [index] of names.entries()) {
      const parent = `/${names.slice(0, index + 1).join('/')}`
      // What lies inside a bind is the bind's own: its folders exist or the mount fails.
      if (targets.has(parent)) break
      parents.add(parent)
    }
  }
  return [...parents]
}

function dropPrivileges({ setpriv = 'setpriv' }: Fence, uid: number): string[] {
  return [
    setpriv,
    `--reuid=${uid}`,
    `--regid=${uid}`,
    '--clear-groups',
    '--no-new-privs',
    '--inh-caps=-all',
    '--bounding-set=-all',
    '--',
  ]
}

/** `signalOptions`: given where it is a door that goes before; its next program needs a path. */
function setVariables(
  guarded: readonly [string, string][],
  signalOptions: readonly string[] | undefined,
): string[] {
  if (guarded.length === 0 && !signalOptions) return []
  const variables = guarded.map(([name, value]) => `${name}=${value}`)
  return ['/usr/bin/env', ...(signalOptions ?? []), '--', ...variables]
}
