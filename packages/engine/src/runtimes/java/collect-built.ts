import { posix } from 'node:path'
import type { PackageEntry } from '@packline/archive'
import type { Tree, TreeFile } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { classPathOf, openJar } from './jar.ts'
import { jarEntry, reproducible } from './own-jar.ts'
import type { Parts } from './parts.ts'

/** A module's jar and what it needs at run time, as a build tool has left them in a tree. */
export interface BuiltModule {
  jar: TreeFile
  /** Holds its libraries' classes itself (shade, assembly, Spring Boot), so none goes beside it. */
  isWhole: boolean
  libraries: readonly BuiltLibrary[]
}

export interface BuiltLibrary {
  file: TreeFile
  /** Such as "com.example"; empty where nobody says. */
  group: string
  /** Made by this build, so that it carries times. */
  isOurs: boolean
}

const BOOT_FOLDER = 'BOOT-INF/'

/** The jar that holds the handler's class, written again, with the libraries of its module. */
export async function collectBuilt(
  modules: readonly [BuiltModule, ...BuiltModule[]],
  tree: Tree,
  order: Order,
): Promise<Parts> {
  const chosen = await choose(modules, tree, order)
  const libraries = chosen.isWhole ? [] : chosen.libraries
  const name = posix.basename(chosen.jar.path)
  const names = namesOf(libraries, name)
  return {
    jar: await rewritten(chosen.jar, name, tree, order),
    libraries: await Promise.all(
      libraries.map((library, at) => libraryEntry(library, names[at] ?? '', tree, order)),
    ),
  }
}

/** Whole jars first; where no jar has the class, the first one, and check says what is missing. */
async function choose(
  modules: readonly [BuiltModule, ...BuiltModule[]],
  tree: Tree,
  order: Order,
): Promise<BuiltModule> {
  const looked = await Promise.all(modules.map((module) => look(module, tree, order)))
  const candidates = looked.toSorted((a, b) => Number(b.isWhole) - Number(a.isWhole))
  const { handler } = order
  const wanted = handler?.form === 'package.Class.method' ? classPathOf(handler.class) : undefined
  const found = candidates.find(({ paths }) => wanted !== undefined && paths.has(wanted))
  return found ?? candidates[0] ?? modules[0]
}

/** What a jar says of itself: the marks that plugins leave beside theirs differ. */
async function look(module: BuiltModule, tree: Tree, order: Order) {
  const bytes = await readJar(module.jar, tree, order)
  const archive = bytes && (await openJar({ bytes }, order.profile))
  const paths = new Set(archive?.entries.map(({ path }) => path))
  const isBoot = archive?.entries.some(({ path }) => path.startsWith(BOOT_FOLDER)) ?? false
  return { ...module, isWhole: module.isWhole || isBoot, paths }
}

/** In memory, where it is not larger than what may be deployed as a jar at all. */
async function readJar(file: TreeFile, tree: Tree, order: Order): Promise<Buffer | undefined> {
  const bytesMax = order.profile.limits.directDeployBytesMax
  return file.size <= bytesMax ? tree.read(file.path, bytesMax) : undefined
}

async function rewritten(
  file: TreeFile,
  name: string,
  tree: Tree,
  order: Order,
): Promise<Parts['jar']> {
  const bytes = await readJar(file, tree, order)
  const archive = bytes && (await openJar({ bytes }, order.profile))
  if (!archive) return { unchanged: tree.entry(file, name) }
  return { name, entries: await reproducible(archive) }
}

/** All stand in one folder: where two have one file name, the group tells them apart. */
function namesOf(libraries: readonly BuiltLibrary[], ofFunction: string): string[] {
  const taken = new Set([ofFunction])
  return libraries.map(({ file, group }) => {
    const name = posix.basename(file.path)
    let free = taken.has(name) ? `${group}-${name}` : name
    for (let count = 2; taken.has(free); count += 1) free = `${group}-${count}-${name}`
    taken.add(free)
    return free
  })
}

/** Jars of other modules are written again as well; all others stay as they are. */
async function libraryEntry(
  { file, isOurs }: BuiltLibrary,
  name: string,
  tree: Tree,
  order: Order,
): Promise<PackageEntry> {
  const unchanged = tree.entry(file, name)
  if (!isOurs) return unchanged
  const jar = await rewritten(file, name, tree, order)
  return 'entries' in jar ? jarEntry(name, jar.entries) : jar.unchanged
}
