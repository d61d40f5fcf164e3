import { posix } from 'node:path'
import type { PackageEntry } from '@packline/archive'
import { PacklineError } from '@packline/shared'
import type { Tree, TreeFile } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { classPathOf, openJar } from './jar.ts'
import { LIBRARIES } from './maven.ts'
import { jarEntry, reproducible } from './own-jar.ts'
import type { Parts } from './parts.ts'

/** A jar that a module of the project made. */
interface BuiltJar {
  file: TreeFile
  /** The module's target folder. */
  folder: string
  /** Holds its libraries' classes itself (shade, assembly), so none goes beside it. */
  isWhole: boolean
}

const TARGET = /^(?:.+\/)?target$/
const SIDE_PRODUCT = /^original-|-(?:sources|javadoc|tests|test-sources)\.jar$/

/** The jar that holds the handler's class, with the libraries of its module. */
export async function collectMaven(source: Tree, order: Order): Promise<Parts> {
  const built = builtJars(source)
  const chosen = await choose(built, source, order)
  const libraries = chosen.isWhole ? [] : librariesOf(chosen, source)
  const ours = new Set(built.map(({ file }) => posix.basename(file.path)))
  return {
    jar: await functionJar(chosen.file, source, order),
    libraries: await Promise.all(libraries.map((file) => library(file, ours, source, order))),
  }
}

function builtJars(source: Tree): BuiltJar[] {
  const paths = new Set(source.files.map(({ path }) => path))
  return source.files.flatMap((file): BuiltJar[] => {
    const [folder, name] = [posix.dirname(file.path), posix.basename(file.path)]
    if (!name.endsWith('.jar') || !TARGET.test(folder) || SIDE_PRODUCT.test(name)) return []
    const isWhole =
      /-(?:jar-with-dependencies|shaded)\.jar$/.test(name) ||
      paths.has(`${folder}/original-${name}`)
    return [{ file, folder, isWhole }]
  })
}

/** Whole jars first; where no jar has the class, the first one, and check says what is missing. */
async function choose(built: readonly BuiltJar[], source: Tree, order: Order): Promise<BuiltJar> {
  const candidates = built.toSorted((a, b) => Number(b.isWhole) - Number(a.isWhole))
  const [first] = candidates
  if (!first) throw noJar(source)
  const { handler } = order
  if (candidates.length === 1 || handler?.form !== 'package.Class.method') return first
  for (const candidate of candidates) {
    if (await holds(candidate.file, classPathOf(handler.class), source, order)) return candidate
  }
  return first
}

async function holds(file: TreeFile, path: string, source: Tree, order: Order): Promise<boolean> {
  const bytes = await readJar(file, source, order)
  const archive = bytes && (await openJar({ bytes }, order.profile))
  return archive?.entries.some((entry) => entry.path === path) ?? false
}

/** In memory, where it is not larger than what may be deployed as a jar at all. */
async function readJar(file: TreeFile, source: Tree, order: Order): Promise<Buffer | undefined> {
  const bytesMax = order.profile.limits.directDeployBytesMax
  return file.size <= bytesMax ? source.read(file.path, bytesMax) : undefined
}

async function functionJar(file: TreeFile, source: Tree, order: Order): Promise<Parts['jar']> {
  const name = posix.basename(file.path)
  const bytes = await readJar(file, source, order)
  const archive = bytes && (await openJar({ bytes }, order.profile))
  if (!archive) return { unchanged: source.entry(file, name) }
  return { name, entries: await reproducible(archive) }
}

function librariesOf({ folder }: BuiltJar, source: Tree): TreeFile[] {
  const prefix = `${folder}/${LIBRARIES}/`
  return source.files.filter(({ path }) => path.startsWith(prefix) && path.endsWith('.jar'))
}

/** Jars of other modules are ours as well and carry times; all others stay as they are. */
async function library(
  file: TreeFile,
  ours: ReadonlySet<string>,
  source: Tree,
  order: Order,
): Promise<PackageEntry> {
  const name = posix.basename(file.path)
  const unchanged = source.entry(file, name)
  if (!ours.has(name)) return unchanged
  const jar = await functionJar(file, source, order)
  return 'entries' in jar ? jarEntry(name, jar.entries) : jar.unchanged
}

function noJar(source: Tree): PacklineError {
  const war = source.files.find(({ path }) => /(?:^|\/)target\/[^/]+\.war$/.test(path))
  const found = war ? `only ${war.path}` : 'none'
  return new PacklineError('COMPILE_FAILED', `Maven was to make a jar in target/; found ${found}`, {
    hint: 'Set <packaging>jar</packaging> in pom.xml, and leave <build><directory> as it is.',
  })
}
