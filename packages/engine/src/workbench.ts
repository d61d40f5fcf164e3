import { chmod, lstat, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { failed, LIMITS } from '@packline/shared'
import type { BuildContext, ToolAccess } from './context.ts'
import { BUILD, type CacheKind } from './package.ts'
import type { ToolCommand, ToolResult } from './process/command.ts'
import type { Slot } from './process/isolation.ts'
import { runTool } from './process/run.ts'
import { withFiles } from './registries/lay-out.ts'
import { removeScratch } from './remove-scratch.ts'
import { makeHider } from './secrets/hider.ts'
import { processFailures } from './texts/failures/process.ts'
import { warning, warnings } from './texts/warnings.ts'

/** What a stage or a load check asks of the bench; paths are those inside. */
export interface BenchCommand extends Omit<ToolCommand, 'binds'> {
  binds?: ToolCommand['binds']
  /** By default the tenant's. */
  cache?: CacheKind
  timeoutMs?: number
  /** What it reads from its standard input; without it the input is empty. */
  input?: string
  /** Where its lines go; by default into the build's log. */
  onLine?: (line: string) => void
  /** Of its own: taken out of what it prints, as those of the registries and the request are. */
  secrets?: readonly string[]
  /** How it reaches the registries: variables, folders, and files that go when it has ended. */
  access?: ToolAccess
}

/** One build's place on disk and its tools. Nothing exists until it is asked for. */
export interface Workbench {
  /**
   * A folder of the build's scratch, made on first use. Throws COMPILE_FAILED where a command of
   * the build has put something else there, such as a link to the worker's files.
   */
  folder(name: string): Promise<string>
  removeFolder(name: string): Promise<void>
  /**
   * Where a path below BUILD.root or BUILD.cache lies on this machine. Throws SANDBOX_FAILED for a
   * link: code that was built may have made it, and what it leads to must not be bound.
   */
  outside(path: string): Promise<string>
  /**
   * Runs a tool with the scratch at /build and a cache at /cache. The first run waits
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

/** `limitMs`: what all tools of the build together may take. */
export function openWorkbench(context: BuildContext, limitMs: number): Workbench {
  const budget: Budget = { leftMs: limitMs }
  const state: State = { held: [] }
  const root = () => {
    state.root ??= makeRoot(context)
    return state.root
  }
  const slot = () => {
    state.slot ??= context.isolation.acquireSlot(context.signal)
    return state.slot
  }
  const folder = async (name: string) => madeBelow(await root(), name)
  return {
    folder,
    removeFolder: async (name) =>
      rm(join(await root(), name), { recursive: true, force: true, maxRetries: 3 }),
    outside: async (path) => {
      const cache = await cacheOf('tenant', context, await slot())
      const places = { [BUILD.root]: await root(), [BUILD.cache]: cache }
      return outsideOf(path, places)
    },
    run: async (command) => {
      const { access, cache: kind = 'tenant' } = command
      const taken = await slot()
      const scratch = await root()
      await Promise.all([folder('source'), folder('output'), folder('home')])
      const cache = kind === 'build' ? await folder('cache') : await cacheOf(kind, context, taken)
      const binds = [
        { from: scratch, to: BUILD.root, writable: true },
        { from: cache, to: BUILD.cache, writable: true, lasting: true },
        ...(access?.binds ?? []),
        ...(command.binds ?? []),
      ]
      const env = { ...access?.env, ...command.env }
      const reach = command.reach ?? access?.reach
      return withFiles(access, scratch, async () => {
        await taken.prepareFolder(scratch)
        return start(context, taken, { ...command, binds, env, reach }, budget)
      })
    },
    runPackage: async (command, code) => {
      const taken = await slot()
      const binds = [{ from: code, to: context.profile.codeRoot }, ...(command.binds ?? [])]
      const { timeoutMs = LIMITS.loadTimeoutMs } = command
      return start(context, taken, { ...command, binds, timeoutMs }, budget)
    },
    atEnd: (work) => {
      state.held.push(work)
    },
    close: () => close(state, context),
  }
}

/** Part by part, so that nothing is made where a link leads. */
async function madeBelow(root: string, name: string): Promise<string> {
  let inside = ''
  for (const part of name.split('/')) {
    inside = join(inside, part)
    const path = join(root, inside)
    await mkdir(path).catch(async (error: unknown) => {
      const found = await lstat(path).catch(() => undefined)
      if (found?.isDirectory()) return
      if (!found) throw error
      throw failed('COMPILE_FAILED', processFailures.folderReplaced(join(BUILD.root, inside)))
    })
  }
  return join(root, name)
}

async function outsideOf(path: string, places: Record<string, string>): Promise<string> {
  const [inside, folder] = Object.entries(places).find(([at]) => path.startsWith(`${at}/`)) ?? []
  if (inside === undefined || folder === undefined) throw new Error(`${path} is not of the bench`)
  const expected = join(await realpath(folder), path.slice(inside.length))
  const found = await realpath(expected).catch(() => undefined)
  if (found === expected) return expected
  throw failed('SANDBOX_FAILED', processFailures.outsideBench(path, found !== undefined))
}

interface Budget {
  leftMs: number
}

async function start(
  context: BuildContext,
  slot: Slot,
  command: BenchCommand & ToolCommand,
  budget: Budget,
): Promise<ToolResult> {
  const startedAt = performance.now()
  try {
    return await runTool(context.isolation)(command, {
      signal: context.signal,
      timeoutMs: Math.min(command.timeoutMs ?? budget.leftMs, budget.leftMs),
      outputBytesMax: context.isolation.limits.outputBytesMax,
      allows: (destination) => context.outbound.allows(destination),
      input: command.input,
      hide: makeHider(secretsOf(context, command)),
      onLine: command.onLine ?? ((line) => context.reporter.log(line)),
      slot,
    })
  } finally {
    budget.leftMs = Math.max(1, budget.leftMs - (performance.now() - startedAt))
  }
}

function secretsOf({ registries, secrets }: BuildContext, command: BenchCommand): string[] {
  return [...registries.secrets, ...(secrets?.() ?? []), ...(command.secrets ?? [])]
}

async function makeRoot(context: BuildContext): Promise<string> {
  await mkdir(context.scratchFolder, { recursive: true })
  const root = await mkdtemp(join(context.scratchFolder, 'build-'))
  // A package's code is reached by its own user, who must get through here and see nothing else.
  await chmod(root, 0o711)
  return root
}

/** A cache belongs to one tenant and one user id: no build can change another tenant's. */
async function cacheOf(
  kind: Exclude<CacheKind, 'build'>,
  context: BuildContext,
  slot: Slot,
): Promise<string> {
  const name = `${slot.uid ?? 'own'}${kind === 'plugins' ? '-plugins' : ''}`
  const folder = join(context.cacheFolder, context.tenant, name)
  await mkdir(folder, { recursive: true })
  await slot.prepareFolder(folder)
  return folder
}

/** Never throws: a package that is made is not lost for what could not be tidied up. */
async function close(state: State, context: BuildContext): Promise<void> {
  await Promise.allSettled(state.held.map((work) => work()))
  const [root, slot] = await Promise.allSettled([state.root, state.slot])
  const taken = slot.status === 'fulfilled' ? slot.value : undefined
  try {
    if (root.status === 'fulfilled' && root.value) await removeScratch(root.value, taken, context)
  } catch {
    // The next start of the worker removes what killed and stuck builds have left.
    context.reporter.event(warning(warnings.scratchLeft()))
  } finally {
    taken?.release()
  }
}
