import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CONTROLLERS, type Controller } from './controllers.ts'

/** Where the worker itself goes: a group with groups below it may hold no process of its own. */
const OWN_GROUP = 'packline-worker'

interface Delegated {
  folder: string
  controllers: readonly Controller[]
}

/**
 * Version 2: where groups with controllers can be made, seen from the group of this process. That
 * is its own group, once nothing is left in it: a service to which its group was delegated, or a
 * container whose group it is, moves what runs there one level down. Else it is the group above,
 * as it is set. Undefined where neither gives a controller.
 */
export async function delegated(own: string, mounted: string): Promise<Delegated | undefined> {
  const inOwn = await madeFree(own, own === mounted)
  if (inOwn.length > 0) return { folder: own, controllers: inOwn }
  if (own === mounted) return undefined
  const above = await controllersIn(join(dirname(own), 'cgroup.subtree_control'))
  return above.length > 0 ? { folder: dirname(own), controllers: above } : undefined
}

/** The controllers that groups below get; none where the group can not be had for that. */
async function madeFree(folder: string, isWhole: boolean): Promise<readonly Controller[]> {
  const wanted = await controllersIn(join(folder, 'cgroup.controllers'))
  if (wanted.length === 0) return []
  const enable = () => writeTo(join(folder, 'cgroup.subtree_control'), plus(wanted))
  if (await enable()) return wanted
  // A container's root is its own; elsewhere others' processes are not ours to move.
  const inside = await processesIn(folder)
  if (!isWhole && inside.some((pid) => pid !== String(process.pid))) return []
  const below = join(folder, OWN_GROUP)
  await mkdir(below, { recursive: true }).catch(() => undefined)
  for (const pid of inside) await writeTo(join(below, 'cgroup.procs'), pid)
  return (await enable()) ? wanted : []
}

function plus(controllers: readonly Controller[]): string {
  return controllers.map((controller) => `+${controller}`).join(' ')
}

async function controllersIn(file: string): Promise<Controller[]> {
  const names = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ')
  return CONTROLLERS.filter((controller) => names.includes(controller))
}

async function processesIn(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '')
  return text.split('\n').filter((pid) => pid !== '')
}

/** Whether the kernel took it; it says no to who may not, and while processes are in the way. */
async function writeTo(file: string, text: string): Promise<boolean> {
  return writeFile(file, text, { flag: 'r+' }).then(
    () => true,
    () => false,
  )
}
