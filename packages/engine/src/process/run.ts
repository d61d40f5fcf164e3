import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { failed, type PacklineError } from '@packline/shared'
import { processFailures } from '../texts/failures/process.ts'
import type { Bind, RunOptions, RunTool, ToolCommand, ToolResult } from './command.ts'
import { type DiskFound, watchDisk } from './disk/watch-disk.ts'
import { fenced } from './fenced.ts'
import { attendDoor, type Door } from './gateway/door.ts'
import type { Controller } from './groups/controllers.ts'
import type { Group } from './groups/groups.ts'
import type { Isolation, Slot } from './isolation.ts'
import { FILTER_DESCRIPTOR, GATE_DESCRIPTOR, type Launch, STATUS_DESCRIPTOR } from './launch.ts'
import type { CommandLimits } from './limits.ts'
import { type Ended, outcome, type Stop } from './outcome.ts'
import { collectOutput, type Output } from './output.ts'
import { killGroup, killStrays, memoryKills, waitUntilGone } from './processes.ts'
import { unfenced } from './unfenced.ts'

/** How long streams may stay open after every process that is known has been killed. */
const STREAMS_CLOSE_WITHIN_MS = 2000
/** The sandbox's status is two short lines. */
const STATUS_CHARS_MAX = 4096

/**
 * The one place that starts child processes. The promise settles when every process of the command
 * has ended, however it ended; command.ts says what it throws.
 */
export function runTool(isolation: Isolation): RunTool {
  return async (command, options) => {
    options.signal.throwIfAborted()
    const slot = options.slot ?? (await takeSlot(isolation, command, options.signal))
    const nullDevice = isolation.inherited.length > 0 ? await open('/dev/null', 'r+') : undefined
    let group: Group | undefined
    try {
      group = await openGroup(isolation)
      const { fence, limits } = isolation
      const launch = fence ? fenced(command, fence, slot.uid) : unfenced(command)
      const killsBefore = memoryKills()
      const streams = streamsOf(launch, options.input, isolation.inherited, nullDevice?.fd)
      const ended = await supervise(
        { launch, streams, limits, group, binds: command.binds },
        options,
      )
      const result = await outcome(command, options, ended, limits, {
        limits: fence?.limits,
        held: fence?.held ?? NOTHING,
        met: async () => group?.met(),
        wasMemoryShort: async () => (await memoryKills()) > (await killsBefore),
      })
      return { ...result, refused: ended.refused, unreached: ended.unreached }
    } finally {
      // The result need not wait for it.
      void group?.close()
      await nullDevice?.close()
      if (slot !== options.slot) slot.release()
    }
  }
}

/** For a command that belongs to no build: its writable folders are handed over here. */
async function takeSlot(isolation: Isolation, { binds }: ToolCommand, signal: AbortSignal) {
  const slot: Slot = await isolation.acquireSlot(signal)
  try {
    for (const bind of binds) if (bind.writable) await slot.prepareFolder(bind.from)
    return slot
  } catch (error) {
    slot.release()
    throw error
  }
}

const NOTHING: ReadonlySet<Controller> = new Set()

/** What the kernel refuses here is the machine's fault, and another worker may do better. */
async function openGroup({ groups }: Isolation): Promise<Group | undefined> {
  try {
    return await groups?.open()
  } catch (cause) {
    throw notGrouped(cause)
  }
}

function notGrouped(cause: unknown): PacklineError {
  const said = cause instanceof Error ? cause.message : String(cause)
  return failed('SANDBOX_FAILED', processFailures.noGroup(said), { cause })
}

interface Supervised {
  launch: Launch
  streams: readonly Stream[]
  binds: readonly Bind[]
  limits: CommandLimits
  group: Group | undefined
}

async function supervise(
  { launch, streams, binds, limits, group }: Supervised,
  options: RunOptions,
): Promise<Ended & Pick<ToolResult, 'refused' | 'unreached'>> {
  const startedAt = performance.now()
  const child = start(launch, streams)
  write(child.stdin, options.input)
  const watch: { stop?: Stop; status: string } = { status: '' }
  const end = (stop: Stop) => {
    watch.stop ??= stop
    if (child.exitCode === null && child.signalCode === null) killGroup(child.pid)
  }
  letBegin(child, launch, group, end)
  const abort = () => end({ kind: 'thrown', reason: options.signal.reason })
  const timer = setTimeout(() => end({ kind: 'timeout' }), options.timeoutMs)
  options.signal.addEventListener('abort', abort, { once: true })
  if (options.signal.aborted) abort()
  const output = collectOutput(options, () => end({ kind: 'output' }))
  readStreams(child, output, end)
  const say = (line: string) => tell(() => output.add(line), end)
  const door = doorOf(child, launch, options, say)
  readStatus(child, (text) => {
    watch.status += text.slice(0, STATUS_CHARS_MAX - watch.status.length)
  })

  const first = () => firstProcess(launch, watch.status)
  const exceeded = (found: DiskFound) => end({ kind: 'disk', found })
  const disk = options.removes ? undefined : watchDisk({ binds, limits, first, exceeded })
  const closed = once(child, 'close').catch(() => undefined)
  const exit = await exitOf(child)
  clearTimeout(timer)
  options.signal.removeEventListener('abort', abort)
  const isNeverOpen = door && !door.isOpen()
  door?.close()
  await endAll(child, launch, first, closed)
  await disk?.finish()
  // The program that opens the door ended like a command, but the command was never started.
  if (isNeverOpen) watch.status = ''
  const { isFenced } = launch
  const kept = { refused: door?.refused(), unreached: door?.unreached() }
  return { ...watch, ...exit, ...output.finish(), ...kept, isFenced, ms: since(startedAt) }
}

function doorOf(
  child: ChildProcess,
  { door }: Launch,
  { allows = () => false }: RunOptions,
  say: (line: string) => void,
): Door | undefined {
  return door && attendDoor(child, { ...door, allows, say })
}

function start({ file, args, cwd, env, uid }: Launch, streams: readonly Stream[]): ChildProcess {
  // A group of its own: one signal reaches all that did not leave it.
  const options = { cwd, env, uid, gid: uid, shell: false, detached: true, stdio: [...streams] }
  return spawn(file, args, options)
}

type Stream = Extract<StdioOptions, readonly unknown[]>[number]

/** "ignore" gives the first three the null device, and leaves the others as they are inherited. */
function streamsOf(
  { isFenced, filter, gated, door }: Launch,
  input: string | undefined,
  inherited: readonly number[],
  nullDevice: number | undefined,
): Stream[] {
  const streams: Stream[] = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe']
  if (isFenced) streams.push('pipe')
  if (filter) streams.push('pipe')
  if (gated) streams.push('pipe')
  if (door) streams.push('ipc')
  const used = streams.length
  for (const descriptor of inherited.filter((number) => number >= used)) {
    while (streams.length < descriptor) streams.push('ignore')
    streams[descriptor] = nullDevice
  }
  return streams
}

function write(stream: unknown, bytes: string | Uint8Array | undefined): void {
  if (!(stream instanceof Writable) || bytes === undefined) return
  // EPIPE: it ended without reading all; its exit code or its own words say why.
  stream.on('error', () => undefined)
  stream.end(bytes)
}

/**
 * bubblewrap waits at its gate meanwhile: all that it starts is in the group from the first. A
 * worker that dies now leaves it without a filter, and without one it starts nothing.
 */
function letBegin(
  child: ChildProcess,
  { filter }: Launch,
  group: Group | undefined,
  end: (stop: Stop) => void,
): void {
  const go = () => {
    write(child.stdio[FILTER_DESCRIPTOR], filter)
    if (group) write(child.stdio.at(GATE_DESCRIPTOR), '')
  }
  const refused = (cause: unknown) => end({ kind: 'thrown', reason: notGrouped(cause) })
  if (group && child.pid !== undefined) group.add(child.pid).then(go, refused)
  else go()
}

function readStreams(child: ChildProcess, output: Output, end: (stop: Stop) => void): void {
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => tell(() => output.push(name, chunk), end))
  }
}

/** What the caller's onLine throws ends the command and is thrown to the caller. */
function tell(pass: () => void, end: (stop: Stop) => void): void {
  try {
    pass()
  } catch (reason) {
    end({ kind: 'thrown', reason })
  }
}

function readStatus(child: ChildProcess, take: (text: string) => void): void {
  const stream: unknown = child.stdio[STATUS_DESCRIPTOR]
  if (!(stream instanceof Readable)) return
  stream.setEncoding('utf8')
  stream.on('data', take)
  stream.on('error', () => undefined)
}

type Exit = Pick<Ended, 'code' | 'signal' | 'startError'>

function exitOf(child: ChildProcess): Promise<Exit> {
  const { promise, resolve } = Promise.withResolvers<Exit>()
  child.once('exit', (code, signal) => resolve({ code, signal }))
  child.once('error', (startError) => {
    // After a failed start there is no exit; after a start the exit comes in any case.
    if (child.pid === undefined) resolve({ code: null, signal: null, startError })
  })
  return promise
}

/** The command has ended; now ends whatever it left behind, then the streams. */
async function endAll(
  child: ChildProcess,
  { marker }: Launch,
  firstOf: () => number | undefined,
  closed: Promise<unknown>,
): Promise<void> {
  killGroup(child.pid)
  if (marker !== undefined) await killStrays(marker)
  const inTime = new AbortController()
  const late = wait(STREAMS_CLOSE_WITHIN_MS, undefined, { signal: inTime.signal, ref: false })
  await Promise.race([closed, late.catch(() => undefined)])
  inTime.abort()
  for (const stream of [child.stdout, child.stderr, child.stdio[STATUS_DESCRIPTOR]]) {
    stream?.destroy()
  }
  const first = firstOf()
  if (first !== undefined) await waitUntilGone(first)
}

/** The first process in the sandbox, as the worker numbers it, once bubblewrap has told it. */
function firstProcess({ isFenced }: Launch, status: string): number | undefined {
  const first = isFenced ? /"child-pid": (\d+)/.exec(status)?.[1] : undefined
  return first === undefined ? undefined : Number(first)
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt)
}
