import { stat, statfs } from 'node:fs/promises'
import type { Bind } from '../command.ts'
import type { CommandLimits } from '../limits.ts'
import { bytesHeldOpen } from './held-open.ts'
import { type Held, measure } from './measure.ts'

/** Which of its limits on disk a command has gone over. */
export type DiskFound = 'disk space' | 'files'

export interface DiskWatch {
  /** Looks once more, after the command has ended; never throws. */
  finish(): Promise<DiskFound | undefined>
}

export interface DiskWatchOptions {
  binds: readonly Bind[]
  limits: Pick<CommandLimits, 'diskBytesMax' | 'filesMax'>
  /** The first process of the command, once it is known. */
  first: () => number | undefined
  /** Called once, when there is more than may be. */
  exceeded: (found: DiskFound) => void
}

const LOOK_MS = 500
/** Folders are not walked while the whole file system has gained less than this part of a limit. */
const PART = 8
/** A walk may take a fifth of the time, unless the file system has gained a whole limit. */
const REST_FACTOR = 4
/**
 * What others remove meanwhile hides what a command writes: it is walked now and then, which takes
 * a fiftieth of the time at most, and once more at the end where that takes no time to speak of.
 */
const AGAIN_FACTOR = 50
const AGAIN_MS_MIN = 3000
const LAST_ENTRIES_MAX = 500
/** The clock of file systems lags by some milliseconds. */
const CLOCK_LAG_MS = 50

/**
 * Holds the folders that a command may write to its limits, where there are no quotas: it looks at
 * how full their file system is, which is cheap, and where that rose walks the folders. Of a folder
 * that lasts longer than the build only what was written since the command was started counts.
 * Undefined for a command that can write nowhere.
 */
export function watchDisk(options: DiskWatchOptions): DiskWatch | undefined {
  const folders = outermost(options.binds.filter(({ writable }) => writable))
  if (folders.length === 0) return undefined
  const walk = makeWalk(folders, options)
  const due = makeDue(folders, options.limits)
  let found: DiskFound | undefined
  let looking: Promise<void> | undefined
  const look = async (isLast: boolean) => {
    if (found) return
    const isWalked = await due.now(isLast)
    if (isWalked) found = await due.during(() => walk())
    else if (isLast) found = await walk(LAST_ENTRIES_MAX)
    if (found) options.exceeded(found)
  }
  const timer = setInterval(() => {
    looking ??= look(false).finally(() => {
      looking = undefined
    })
  }, LOOK_MS)
  return {
    finish: async () => {
      clearInterval(timer)
      await looking
      await look(true)
      return found
    },
  }
}

/** What lies in another one is counted there. */
function outermost(binds: readonly Bind[]): Bind[] {
  return binds.filter(({ from }) => !binds.some((other) => from.startsWith(`${other.from}/`)))
}

/** Decides when a walk is worth what it costs. */
function makeDue(folders: readonly Bind[], { diskBytesMax, filesMax }: DiskWatchOptions['limits']) {
  let before = filled(folders)
  let restUntil = 0
  let againAt = performance.now() + AGAIN_MS_MIN
  return {
    now: async (isLast: boolean): Promise<boolean> => {
      const rise = risen(await before, await filled(folders))
      const parts = Math.max(rise.bytes / diskBytesMax, rise.files / filesMax)
      if (parts >= 1) return true
      const time = performance.now()
      if (isLast) return parts >= 1 / PART
      return time >= againAt || (time >= restUntil && parts >= 1 / PART)
    },
    during: async <T>(walk: () => Promise<T>): Promise<T> => {
      before = filled(folders)
      const startedAt = performance.now()
      const answer = await walk()
      const endedAt = performance.now()
      restUntil = endedAt + REST_FACTOR * (endedAt - startedAt)
      againAt = endedAt + Math.max(AGAIN_MS_MIN, AGAIN_FACTOR * (endedAt - startedAt))
      return answer
    },
  }
}

function makeWalk(folders: readonly Bind[], { limits, first }: DiskWatchOptions) {
  const sinceMs = Date.now() - CLOCK_LAG_MS
  const atStart = filled(folders)
  const most = { bytes: limits.diskBytesMax, files: limits.filesMax }
  return async (entriesMax?: number): Promise<DiskFound | undefined> => {
    const known = new Set<string>()
    const all: Held = { bytes: 0, files: 0 }
    let isWhole = true
    for (const { from, lasting } of folders) {
      const of = lasting ? sinceMs : undefined
      const held = await measure(from, { most, known, sinceMs: of, entriesMax })
      all.bytes += held.bytes
      all.files += held.files
      isWhole &&= held.isWhole
    }
    const pid = first()
    if (pid !== undefined) all.bytes += await bytesHeldOpen(pid, await devicesOf(folders), known)
    // Who hides something answers for all that the file system has gained.
    const rise = isWhole ? all : risen(await atStart, await filled(folders))
    if (Math.max(all.bytes, rise.bytes) > most.bytes) return 'disk space'
    return Math.max(all.files, rise.files) > most.files ? 'files' : undefined
  }
}

/** How full the file system of each folder is. */
function filled(folders: readonly Bind[]): Promise<Held[]> {
  return Promise.all(
    folders.map(async ({ from }) => {
      // A folder that is gone is the command's own doing, and holds nothing.
      const found = await statfs(from).catch(() => undefined)
      if (!found) return { bytes: 0, files: 0 }
      const { blocks, bfree, bsize, files, ffree } = found
      return { bytes: (blocks - bfree) * bsize, files: files - ffree }
    }),
  )
}

/** By the one that rose most: several folders mostly lie on one file system. */
function risen(before: readonly Held[], after: readonly Held[]): Held {
  const rise = (what: keyof Held) =>
    Math.max(...after.map((held, at) => held[what] - (before[at]?.[what] ?? 0)))
  return { bytes: rise('bytes'), files: rise('files') }
}

async function devicesOf(folders: readonly Bind[]): Promise<Set<number>> {
  const stats = await Promise.all(folders.map(({ from }) => stat(from).catch(() => undefined)))
  return new Set(stats.flatMap((found) => (found ? [found.dev] : [])))
}
