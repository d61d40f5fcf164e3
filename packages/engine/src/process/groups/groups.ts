import { randomUUID } from 'node:crypto'
import { rmdirSync } from 'node:fs'
import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommandLimits } from '../limits.ts'
import { type Controller, type Place, settingsOf } from './controllers.ts'
import { isUntouched, type Met, metIn } from './met.ts'

/** The control groups of one command while it runs, one per tree. */
export interface Group {
  /** Throws where the kernel refuses; a process that has ended already is no fault. */
  add(pid: number): Promise<void>
  /** Which limit was met; asked after the command has ended. */
  met(): Promise<Met | undefined>
  /** For the next command, or removes them where a limit was met. Never throws. */
  close(): Promise<void>
}

export interface Groups {
  holds: ReadonlySet<Controller>
  version: 1 | 2
  /** Throws where the kernel refuses a group or one of its limits. */
  open(): Promise<Group>
}

/** How a group comes and goes; the kernel fills its folder with files, and empties it. */
interface Tree {
  mkdir(folder: string): Promise<unknown>
  rmdir(folder: string): Promise<void>
}

const TREE: Tree = { mkdir, rmdir }

const NAME = /^packline-(\d+)-/

/**
 * Makes groups for commands in these folders: one for each that runs at the same time, used again
 * and gone when this process ends. Those that a killed worker left are removed first.
 */
export async function makeGroups(
  places: readonly Place[],
  limits: CommandLimits,
  tree: Tree = TREE,
): Promise<Groups> {
  await removeLeftovers(places, tree)
  const free: Place[][] = []
  return {
    holds: new Set(places.flatMap(({ controllers }) => controllers)),
    version: places.some(({ version }) => version === 1) ? 1 : 2,
    open: async () => {
      const own = free.pop() ?? (await make(places, limits, tree))
      const close = async () => {
        // Its counters can not be set back, and would be taken for those of the next command.
        if (await isUntouched(own)) free.push(own)
        else await remove(own, tree)
      }
      return { add: (pid) => addTo(own, pid), met: () => metIn(own), close }
    },
  }
}

/** Folders of this process's groups, so that they end with it. */
const made = new Set<string>()

async function make(places: readonly Place[], limits: CommandLimits, tree: Tree): Promise<Place[]> {
  if (made.size === 0) process.once('exit', removeAll)
  const name = `packline-${process.pid}-${randomUUID()}`
  const own = places.map((place) => ({ ...place, folder: join(place.folder, name) }))
  try {
    await Promise.all(own.map((place) => makeOne(place, limits, tree)))
    return own
  } catch (error) {
    await remove(own, tree)
    throw error
  }
}

async function makeOne(place: Place, limits: CommandLimits, tree: Tree): Promise<void> {
  made.add(place.folder)
  await tree.mkdir(place.folder)
  for (const { file, value, optional } of settingsOf(place, limits)) {
    const written = writeFile(join(place.folder, file), value, { flag: 'r+' })
    await (optional ? written.catch(unlessMissing) : written)
  }
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

async function addTo(own: readonly Place[], pid: number): Promise<void> {
  await Promise.all(
    own.map(({ folder }) =>
      writeFile(join(folder, 'cgroup.procs'), String(pid), { flag: 'r+' }).catch(unlessEnded),
    ),
  )
}

function unlessEnded(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ESRCH') throw error
}

/** What can not be removed yet, as a process is still on its way out, goes with this process. */
async function remove(own: readonly Place[], tree: Tree): Promise<void> {
  for (const { folder } of own) {
    await tree.rmdir(folder).then(
      () => made.delete(folder),
      () => undefined,
    )
  }
}

function removeAll(): void {
  for (const folder of made) {
    try {
      rmdirSync(folder)
    } catch {
      // A command runs in it to the end: the next worker removes it.
    }
  }
}

/** Removes the groups of workers that are gone; one with processes in it stays. */
export async function removeLeftovers(places: readonly Place[], tree: Tree = TREE): Promise<void> {
  await Promise.all(places.map(({ folder }) => removeFrom(folder, tree)))
}

async function removeFrom(folder: string, tree: Tree): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const dead = names.filter((name) => {
    const pid = NAME.exec(name)?.[1]
    return pid !== undefined && !isAlive(Number(pid))
  })
  await Promise.all(dead.map((name) => tree.rmdir(join(folder, name)).catch(() => undefined)))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
