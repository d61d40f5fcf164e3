import { posix } from 'node:path'
import type { Tree } from '../../../tree.ts'
import type { Order } from '../../runtime.ts'
import { cpuOf } from '../install/install.ts'
import { closureOf, type Declared, packageOf, packagesOf } from './packages.ts'
import type { Placed } from './real-folders.ts'

/**
 * Without what a package manager installs beyond what was asked for: Yarn before 4 the dependencies
 * of development, Yarn 1 native packages for musl. Each is known by the note that it leaves.
 */
export async function installedOnly(
  placed: readonly Placed[],
  source: Tree,
  order: Order,
): Promise<readonly Placed[]> {
  const isBerry = source.find('node_modules/.yarn-state.yml') !== undefined
  const isYarn = source.find('node_modules/.yarn-integrity') !== undefined
  if (!isBerry && !isYarn) return placed
  const packages = packagesOf(placed, source)
  const own = packages.folders.filter((folder) => packageOf(`${folder}/`) === undefined)
  const wanted = isBerry ? await closureOf(own, packages) : new Set(packages.folders)
  for (const folder of wanted) {
    if (!fits(await packages.declared(folder), order)) wanted.delete(folder)
  }
  return onlyOf(placed, wanted)
}

/** Files outside of node_modules, those of these packages, and launchers of what is left. */
export function onlyOf(placed: readonly Placed[], packages: ReadonlySet<string>): Placed[] {
  const isKept = ({ path }: Placed) => {
    const folder = packageOf(path)
    return !isLauncher(path) && (folder === undefined || packages.has(folder))
  }
  const kept = placed.filter(isKept)
  const paths = new Set(kept.map(({ path }) => path))
  const leadsToKept = ({ path, file }: Placed) =>
    isLauncher(path) && paths.has(posix.join(posix.dirname(path), file.linkTarget ?? '.'))
  return [...kept, ...placed.filter(leadsToKept)]
}

/** A program of a package, which no function's code loads. */
export function isLauncher(path: string): boolean {
  return /(^|\/)node_modules\/\.bin\/[^/]+$/.test(path)
}

/** As npm reads these fields: what is named, or anything but what has a "!". */
function fits({ os, cpu, libc }: Declared, { request }: Order): boolean {
  const wanted = [
    [os, 'linux'],
    [cpu, cpuOf(request.architecture)],
    [libc, 'glibc'],
  ] as const
  return wanted.every(([list, ours]) => {
    const names = [list].flat().filter((name) => typeof name === 'string')
    if (names.includes(`!${ours}`)) return false
    const named = names.filter((name) => !name.startsWith('!') && name !== 'any')
    return named.length === 0 || named.includes(ours)
  })
}
