import { posix } from 'node:path'
import type { Tree } from '../../../tree.ts'
import { isLauncher } from './installed-only.ts'
import { packageOf, packagesOf } from './packages.ts'
import type { Placed } from './real-folders.ts'

/**
 * One member of a workspace at the root of the package, with the libraries and siblings that it
 * leads to, or only those folders that are named. Each finds the very packages that it found in the
 * workspace: the first of a name lies in node_modules at the root, another beside who needs it.
 */
export async function memberOnly(
  placed: readonly Placed[],
  source: Tree,
  member: string,
  only?: readonly string[],
): Promise<Placed[]> {
  const packages = packagesOf(placed, source)
  const needs = async (folder: string): Promise<readonly string[]> => {
    if (only && folder === member) return only
    const { dependencies, optionalDependencies, peerDependencies } = await packages.declared(folder)
    const names = { ...dependencies, ...optionalDependencies, ...peerDependencies }
    const found = Object.keys(names).map((name) => packages.find(name, folder))
    return found.filter((one) => one !== undefined)
  }
  /** Place in the package -> the folder that goes there. */
  const laid = new Map<string, string>()
  const waiting = [{ folder: member, at: '' }]
  // All that one needs has its place before what lies below it is looked at.
  for (const { folder, at } of waiting) {
    for (const found of await needs(folder)) {
      const name = nameOf(found)
      const seen = seenFrom(at, name, laid)
      if (seen === found) continue
      const place = posix.join(seen === undefined ? '' : at, 'node_modules', name)
      laid.set(place, found)
      waiting.push({ folder: found, at: place })
    }
  }
  const files = Map.groupBy(
    placed.filter(({ path }) => !isLauncher(path)),
    ({ path }) => packageOf(path) ?? '',
  )
  const own = (files.get('') ?? []).filter(({ path }) => path.startsWith(`${member}/`))
  return [[member, ''], ...[...laid].map(([place, folder]) => [folder, place])].flatMap(
    ([folder = '', place = '']) =>
      (folder === member ? own : (files.get(folder) ?? [])).map(({ path, file }) => ({
        path: posix.join(place, path.slice(folder.length + 1)),
        file,
      })),
  )
}

/** The folder that code at a place finds under a name, looking upwards. */
function seenFrom(at: string, name: string, laid: ReadonlyMap<string, string>) {
  for (let folder = at; ; folder = folder.includes('/') ? posix.dirname(folder) : '') {
    const found = laid.get(posix.join(folder, 'node_modules', name))
    if (found !== undefined || folder === '') return found
  }
}

/** "@scope/name" of a folder in node_modules. */
function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)
}
