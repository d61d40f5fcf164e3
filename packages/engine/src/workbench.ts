import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LIMITS, PacklineError } from '@packline/shared'
import type { BuildContext } from './context.ts'
import { BUILD } from './package.ts'
import type { ToolCommand, ToolResult } from './process/command.ts'
import type { Slot } from './process/isolation.ts'
import { runTool } from './process/run.ts'

/** What a stage or a load check asks of the bench; paths are those inside. */
export interface BenchCommand extends Omit<ToolCommand, 'binds'> {
  binds?: ToolCommand['binds']
  timeoutMs?: number
  /** Where its lines go; by default into the build's log. */
  onLine?: (line: string) => void
}

/** One build's place on disk and its tools. Nothing exists until it is asked for. */
export interface Workbench {
  /** A folder of the build's scratch, made on first use. */
  folder(name: string): Promise<string>
  removeFolder(name: string): Promise<void>
  /**
   * Where a path below BUILD.root or BUILD.cache lies on this machine. Throws SANDBOX_FAILED for a
   * link: code that was built may have made it, and what it leads to must not be bound.
   */
  outside(path: string): Promise<string>
  /**
   * Runs a tool with the scratch at /build and the tenant's cache at /cache. The first run waits
   * for one of the worker's tool slots, which the build keeps: its files belong to the slot's user.
   */
  run(command: BenchCommand): Promise<ToolResult>
  /** Runs a finished package's code: only `code`, read-only, no scratch, no network. */
  runPackage(command: BenchCommand, code: string): Promise<ToolResult>
  /** What the build holds until its end, such as an open archive; never throws. */
  atEnd(work: () => Promise<void>): void
  close(): Promise<void>
}

interface State {
  root?: Promise<string>
  slot?: Promise<Slot>
  held: (() => Promise<void>)[]
}

export function openWorkbench(context: BuildContext, deadlineMs: number): Workbench {
  const state: State = { held: [] }
  const root = () => {
    state.root ??= makeRoot(context)
    return state.root
  }
  const slot = () => {
    state.slot ??= context.isolation.acquireSlot(context.signal)
    return state.slot
  }
  const folder = async (name: string) => {
    const path = join(await root(), name)
    await mkdir(path, { recursive: true })
    return path
  }
  return {
    folder,
    removeFolder: async (name) =>
      rm(join(await root(), name), { recursive: true, force: true, maxRetries: 3 }),
    outside: async (path) => {
      const cache = await cacheOf(context, await slot())
      const places = { [BUILD.root]: await root(), [BUILD.cache]: cache }
      return outsideOf(path, places)
    },
    run: async (command) => {
      const taken = await slot()
      await Promise.all([folder('source'), folder('output'), folder('home')])
      await taken.prepareFolder(await root())
      const cache = await cacheOf(context, taken)
      const binds = [
        { from: await root(), to: BUILD.root, writable: true },
        { from: cache, to: BUILD.cache, writable: true },
        ...context.registries.binds,
        ...(command.binds ?? []),
      ]
      return start(context, taken, { ...command, binds }, deadlineMs)
    },
    runPackage: async (command, code) => {
      const taken = await slot()
      const binds = [{ from: code, to: context.profile.codeRoot }, ...(command.binds ?? [])]
      return start(context, taken, { ...command, binds }, LIMITS.loadTimeoutMs)
    },
    atEnd: (work) => {
      state.held.push(work)
    },
    close: () => close(state),
  }
}

async function outsideOf(path: string, places: Record<string, string>): Promise<string> {
  const [inside, folder] = Object.entries(places).find(([at]) => path.startsWith(`${at}/`)) ?? []
  if (inside === undefined || folder === undefined) throw new Error(`${path} is not of the bench`)
  const expected = join(await realpath(folder), path.slice(inside.length))
  if ((await realpath(expected)) === expected) return expected
  throw new PacklineError('SANDBOX_FAILED', `${path} is a link where a file was made`)
}

function start(
  context: BuildContext,
  slot: Slot,
  command: BenchCommand & ToolCommand,
  deadlineMs: number,
): Promise<ToolResult> {
  return runTool(context.isolation)(command, {
    signal: context.signal,
    timeoutMs: command.timeoutMs ?? deadlineMs,
    outputBytesMax: LIMITS.outputBytesMax,
    onLine: command.onLine ?? ((line) => context.reporter.log(line)),
    slot,
  })
}

async function makeRoot(context: BuildContext): Promise<string> {
  await mkdir(context.scratchFolder, { recursive: true })
  return mkdtemp(join(context.scratchFolder, 'build-'))
}

/** A cache belongs to one tenant and one user id: no build can change another tenant's. */
async function cacheOf(context: BuildContext, slot: Slot): Promise<string> {
  const folder = join(context.cacheFolder, context.tenant, String(slot.uid ?? 'own'))
  await mkdir(folder, { recursive: true })
  await slot.prepareFolder(folder)
  return folder
}

async function close(state: State): Promise<void> {
  await Promise.all(state.held.map((work) => work()))
  const root = await state.root
  if (root) await rm(root, { recursive: true, force: true, maxRetries: 3 })
  const slot = await state.slot
  await slot?.release()
}
