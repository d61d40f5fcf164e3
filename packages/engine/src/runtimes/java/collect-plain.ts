import { posix } from 'node:path'
import type { PackageEntry } from '@packline/archive'
import type { Tree } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { MANIFEST } from './jar.ts'
import { CLASSES } from './javac.ts'
import { plainManifest } from './own-jar.ts'
import type { Parts } from './parts.ts'
import { plainSources, resourcesOf } from './sources.ts'

/** The classes that javac made, the resources beside the sources, and the jars of the tree. */
export async function collectPlain(source: Tree, output: Tree, order: Order): Promise<Parts> {
  const { libraries } = plainSources(source)
  const resources = await resourcesOf(source)
  const entries: PackageEntry[] = [
    ...classesOf(output),
    ...resources.map(({ file, path }) => source.entry(file, path)),
  ]
  if (!entries.some(({ path }) => path === MANIFEST)) entries.push(plainManifest())
  return {
    jar: { name: jarName(order, libraries), entries },
    libraries: libraries.map((file) => source.entry(file, posix.basename(file.path))),
  }
}

function classesOf(output: Tree): PackageEntry[] {
  const prefix = `${CLASSES}/`
  return output.files
    .filter(({ path }) => path.startsWith(prefix))
    .map((file) => output.entry(file, file.path.slice(prefix.length)))
}

/** The function's name, unless a library has it. */
function jarName({ request }: Order, libraries: readonly { path: string }[]): string {
  const taken = new Set(libraries.map(({ path }) => posix.basename(path)))
  const name = `${request.function}.jar`
  return taken.has(name) ? `${request.function}-function.jar` : name
}
