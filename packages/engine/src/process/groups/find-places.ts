import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { CONTROLLERS, type Controller, type Place } from './controllers.ts'
import { delegated } from './delegated.ts'

interface Mount {
  version: 1 | 2
  /** What of the tree is mounted there, such as the container's own group. */
  root: string
  folder: string
  /** Of version 1, the controllers of this tree. */
  options: readonly string[]
}

/**
 * The folders of the control group trees that this process is in, each with the controllers that
 * groups below it would have; by what the kernel says in `proc` (/proc/self). Whether groups can
 * be made there is to be tried.
 */
export async function findPlaces(proc: string): Promise<Place[]> {
  const [mountinfo, own] = await Promise.all([
    readFile(join(proc, 'mountinfo'), 'utf8').catch(() => ''),
    readFile(join(proc, 'cgroup'), 'utf8').catch(() => ''),
  ])
  const mounts = mountinfo.split('\n').flatMap(mountOf)
  const first = mounts.flatMap((mount) => placesOf1(mount, own))
  const known = new Set(first.flatMap(({ controllers }) => controllers))
  const second = mounts.find(({ version }) => version === 2)
  const path = /^0::(.*)$/m.exec(own)?.[1]
  if (!second || path === undefined) return first
  const found = await delegated(folderOf(second, path), second.folder)
  const controllers = found?.controllers.filter((controller) => !known.has(controller)) ?? []
  if (!found || controllers.length === 0) return first
  return [...first, { version: 2, folder: found.folder, controllers }]
}

/** A line of mountinfo: id, parent, device, root, folder, options, ... - type, source, options. */
function mountOf(line: string): Mount[] {
  const [before = '', after = ''] = line.split(' - ')
  const [, , , root = '/', folder = ''] = before.split(' ').map(unescaped)
  const [type, , options = ''] = after.split(' ')
  if (type !== 'cgroup' && type !== 'cgroup2') return []
  return [{ version: type === 'cgroup' ? 1 : 2, root, folder, options: options.split(',') }]
}

function placesOf1(mount: Mount, own: string): Place[] {
  const controllers = CONTROLLERS.filter((controller) => mount.options.includes(controller))
  if (mount.version === 2 || controllers.length === 0) return []
  const path = pathOf(own, controllers[0] as Controller)
  return path === undefined ? [] : [{ version: 1, folder: folderOf(mount, path), controllers }]
}

function pathOf(own: string, controller: Controller): string | undefined {
  const lines = own.split('\n').map((line) => line.split(':'))
  return lines.find(([, names = '']) => names.split(',').includes(controller))?.[2]
}

/** In a container without a namespace for groups the path is the machine's, not the mount's. */
function folderOf({ root, folder }: Mount, path: string): string {
  const below = relative(root, path)
  return below.startsWith('..') ? folder : join(folder, below)
}

/** Blanks and the like are written in octal. */
function unescaped(text: string): string {
  return text.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
}
