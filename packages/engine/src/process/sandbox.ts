import { readFile } from 'node:fs/promises'
import { release } from 'node:os'
import { PacklineError } from '@packline/shared'
import { callFilter } from './call-filter.ts'
import { findPlaces } from './groups/find-places.ts'
import { type Groups, makeGroups } from './groups/groups.ts'
import { inheritedDescriptors } from './inherited-descriptors.ts'
import type { Fence, FenceForm, Isolation } from './isolation.ts'
import { type CommandLimits, DEFAULT_LIMITS } from './limits.ts'
import { onPath } from './on-path.ts'
import { runTool } from './run.ts'
import { makeSlots } from './slots.ts'
import { offlineArguments, systemArguments } from './system-files.ts'

export type { Isolation, Slot } from './isolation.ts'

export interface IsolationOptions {
  /** bubblewrap's own path; without it PATH is searched. */
  bwrap?: string
  /** True: no sandbox, even where there could be one. */
  unsandboxed?: boolean
  /** PATH of the worker; without it the system's usual folders. */
  path?: string
  /**
   * First of the user ids that a worker started by root gives to its builds. Two such workers on
   * one machine should not share them: the kernel counts processes by user, and who is the same
   * user may read the same files. Keep within 60578 to 61183: systemd leaves these unused.
   */
  uidBase?: number
  /** Builds that run commands at once. */
  slotsMax?: number
  /** What one command may use; what is not named is as DEFAULT_LIMITS has it. */
  limits?: Partial<CommandLimits>
  /** False: limits of processes have to do, even where control groups could be made. */
  groups?: boolean
  /** As Node.js names it; by default this one. */
  processor?: string
}

const TRIAL_MS_MAX = 10_000
/** Options of bubblewrap that the fence can not do without; 0.7 (2022) has them all. */
const NEEDED_OPTIONS = ['--json-status-fd', '--perms', '--size', '--die-with-parent', '--seccomp']
/** Where a program of the machine is seen in the sandbox, too. */
const SHOWN_INSIDE = /^\/(?:usr|s?bin)\//
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Finds how commands can be fenced in here, by running `true` so once. */
export async function findIsolation(options: IsolationOptions = {}): Promise<Isolation> {
  const isRoot = process.getuid?.() === 0
  const { uidBase = 61_000, slotsMax = 64 } = options
  const inherited = await inheritedDescriptors()
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const none = (description: string): Isolation => {
    return { kind: 'none', description, inherited, limits, acquireSlot: makeSlots({ slotsMax }) }
  }
  if (options.unsandboxed) return none('no sandbox: turned off by the worker’s configuration')
  if (process.platform !== 'linux') return none('no sandbox: it is made by Linux only')
  const processor = options.processor ?? process.arch
  const filter = callFilter(processor)
  if (!filter) return none(`no sandbox: no call filter is known for ${processor} processors`)
  const path = options.path ?? SYSTEM_PATH
  const bwrap = options.bwrap ?? (await onPath('bwrap', path))
  if (!bwrap) return none('no sandbox: bubblewrap is missing (apt-get install bubblewrap)')
  const found = await inspect(bwrap, none(''))
  if (found.lack !== undefined) return none(`no sandbox: ${found.lack}`)

  const acquireSlot = makeSlots({ uidBase: isRoot ? uidBase : undefined, slotsMax })
  const parts = { ...(await findParts(bwrap, path, none(''))), filter }
  const reasons: string[] = []
  for (const form of formsToTry(isRoot, parts.setpriv, found.canDisableUserns)) {
    const users = isRoot ? `users ${uidBase} to ${uidBase + slotsMax - 1}` : 'user namespaces'
    const description = `${found.version}, ${users}, ${form.form}`
    const fence = { ...parts, ...form }
    const common = { inherited, limits: parts.limits, acquireSlot }
    const isolation: Isolation = { kind: 'sandbox', description, ...common, fence }
    const reason = await tryOnce(isolation)
    if (reason === undefined) return bounded(isolation, options.groups ?? true)
    reasons.push(reason)
  }
  return none(
    `no sandbox: ${found.version} does not work here: ${[...new Set(reasons)].join('; ')}`,
  )
}

/** With control groups where they work; what bounds commands is said in the description. */
async function bounded(isolation: Isolation, isWanted: boolean): Promise<Isolation> {
  const { fence, description } = isolation
  const groups = isWanted
    ? await makeGroups(await findPlaces('/proc/self'), isolation.limits)
    : undefined
  if (fence && groups && groups.holds.size > 0) {
    const held = { ...isolation, groups, fence: { ...fence, held: groups.holds } }
    const reason = await tryOnce(held)
    if (reason === undefined) return { ...held, description: `${description}, ${boundsOf(groups)}` }
  }
  return { ...isolation, description: `${description}, limits by process` }
}

function boundsOf({ holds, version }: Groups): string {
  return `limits by control groups ${version} (${[...holds].join(', ')})`
}

interface Inspected {
  version: string
  canDisableUserns: boolean
  lack?: string
}

async function inspect(bwrap: string, isolation: Isolation): Promise<Inspected> {
  const ask = async (option: string) => {
    const { stdout } = await runTool(isolation)(
      { argv: [bwrap, option], cwd: '/', env: {}, network: 'none', binds: [] },
      trialOptions(),
    )
    return stdout
  }
  try {
    const [version, help] = await Promise.all([ask('--version'), ask('--help')])
    const missing = NEEDED_OPTIONS.filter((option) => !help.includes(option))
    return {
      version: version.trim() || 'bubblewrap',
      canDisableUserns: help.includes('--disable-userns'),
      lack: missing.length > 0 ? `${bwrap} has no ${missing.join(', ')}: 0.7 has` : undefined,
    }
  } catch (error) {
    if (!(error instanceof PacklineError)) throw error
    return { version: '', canDisableUserns: false, lack: error.message }
  }
}

type Parts = Omit<Fence, 'form' | 'disableUserns' | 'filter'>

async function findParts(bwrap: string, path: string, isolation: Isolation): Promise<Parts> {
  const [prlimit, setpriv, system, own, signalOptions] = await Promise.all([
    onPath('prlimit', path),
    onPath('setpriv', SYSTEM_PATH),
    systemArguments(),
    readFile('/proc/self/limits', 'utf8'),
    findSignalOptions(isolation),
  ])
  const { limits } = isolation
  const ownMax = Number(/^Max open files +\S+ +(\d+)/m.exec(own)?.[1] ?? limits.openFilesMax)
  return {
    bwrap,
    prlimit,
    setpriv,
    node: process.execPath,
    systemArguments: system,
    offlineArguments: offlineArguments(),
    limits: { ...limits, openFilesMax: Math.min(limits.openFilesMax, ownMax) },
    held: new Set(),
    countsInside: SHOWN_INSIDE.test(prlimit ?? '') && kernelSince(5, 14),
    signalOptions,
  }
}

function kernelSince(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = release().split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}

/** env of GNU has them since 2019, others do without: then a broken pipe is an error message. */
async function findSignalOptions(isolation: Isolation): Promise<string[]> {
  const options = ['--default-signal=PIPE,XFSZ']
  const argv = ['/usr/bin/env', ...options, '--', 'true']
  const reason = await tryOnce(isolation, argv)
  return reason === undefined ? options : []
}

type FormToTry = Pick<Fence, 'form' | 'disableUserns'>

/** The strongest first. Containers often make /proc/sys read-only, which --disable-userns needs. */
function formsToTry(isRoot: boolean, setpriv: string | undefined, canDisable: boolean) {
  const later: FenceForm = isRoot ? 'user-first' : 'own-user'
  const forms: FormToTry[] = []
  if (isRoot && setpriv) forms.push({ form: 'mounts-first', disableUserns: false })
  if (canDisable) forms.push({ form: later, disableUserns: true })
  forms.push({ form: later, disableUserns: false })
  return forms
}

/** Undefined when it works, else why not, in one line. */
async function tryOnce(
  isolation: Isolation,
  argv = ['/usr/bin/true'],
): Promise<string | undefined> {
  try {
    const { exitCode, signal, output } = await runTool(isolation)(
      { argv, cwd: '/', env: {}, network: 'none', binds: [] },
      trialOptions(),
    )
    return exitCode === 0 ? undefined : (output[0] ?? `true ended with ${exitCode ?? signal}`)
  } catch (error) {
    if (error instanceof Error) return error.message
    throw error
  }
}

function trialOptions() {
  const signal = AbortSignal.timeout(TRIAL_MS_MAX)
  return { signal, timeoutMs: TRIAL_MS_MAX, outputBytesMax: 64 * 1024 }
}
