import { readFile } from 'node:fs/promises'
import { PacklineError } from '@packline/shared'
import { callFilter } from './call-filter.ts'
import { inheritedDescriptors } from './inherited-descriptors.ts'
import type { Fence, FenceForm, Isolation } from './isolation.ts'
import { onPath } from './on-path.ts'
import { runTool } from './run.ts'
import { makeSlots } from './slots.ts'
import { offlineArguments, onlineArguments, systemArguments } from './system-files.ts'

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
}

/** Linux forbids more to ordinary users by default; npm and Go are content with it. */
const OPEN_FILES_MAX = 8192
const TRIAL_MS_MAX = 10_000
/** Options of bubblewrap that the fence can not do without; 0.7 (2022) has them all. */
const NEEDED_OPTIONS = ['--json-status-fd', '--perms', '--size', '--die-with-parent', '--seccomp']
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Finds how commands can be fenced in here, by running `true` so once. */
export async function findIsolation(options: IsolationOptions = {}): Promise<Isolation> {
  const isRoot = process.getuid?.() === 0
  const { uidBase = 61_000, slotsMax = 64 } = options
  const inherited = await inheritedDescriptors()
  const none = (description: string): Isolation => {
    return { kind: 'none', description, inherited, acquireSlot: makeSlots({ slotsMax }) }
  }
  if (options.unsandboxed) return none('no sandbox: turned off by the worker’s configuration')
  if (process.platform !== 'linux') return none('no sandbox: it is made by Linux only')
  const path = options.path ?? SYSTEM_PATH
  const bwrap = options.bwrap ?? (await onPath('bwrap', path))
  if (!bwrap) return none('no sandbox: bubblewrap is missing (apt-get install bubblewrap)')
  const found = await inspect(bwrap, none(''))
  if (found.lack !== undefined) return none(`no sandbox: ${found.lack}`)

  const acquireSlot = makeSlots({ uidBase: isRoot ? uidBase : undefined, slotsMax })
  const parts = await findParts(bwrap, path, none(''))
  const reasons: string[] = []
  for (const form of formsToTry(isRoot, parts.setpriv, found.canDisableUserns)) {
    const users = isRoot ? `users ${uidBase} to ${uidBase + slotsMax - 1}` : 'user namespaces'
    const description = `${found.version}, ${users}, ${form.form}`
    const fence = { ...parts, ...form }
    const isolation: Isolation = { kind: 'sandbox', description, inherited, acquireSlot, fence }
    const reason = await tryOnce(isolation)
    if (reason === undefined) return isolation
    reasons.push(reason)
  }
  return none(
    `no sandbox: ${found.version} does not work here: ${[...new Set(reasons)].join('; ')}`,
  )
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

type Parts = Omit<Fence, 'form' | 'disableUserns'>

async function findParts(bwrap: string, path: string, isolation: Isolation): Promise<Parts> {
  const [prlimit, setpriv, system, online, limits, signalOptions] = await Promise.all([
    onPath('prlimit', path),
    onPath('setpriv', SYSTEM_PATH),
    systemArguments(),
    onlineArguments(),
    readFile('/proc/self/limits', 'utf8'),
    findSignalOptions(isolation),
  ])
  const ownMax = Number(/^Max open files +\S+ +(\d+)/m.exec(limits)?.[1] ?? OPEN_FILES_MAX)
  return {
    bwrap,
    prlimit,
    setpriv,
    node: process.execPath,
    systemArguments: system,
    offlineArguments: offlineArguments(),
    onlineArguments: online,
    openFilesMax: Math.min(OPEN_FILES_MAX, ownMax),
    filter: callFilter(process.arch),
    signalOptions,
  }
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
