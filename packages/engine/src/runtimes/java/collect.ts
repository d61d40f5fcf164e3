import type { PackageEntry } from '@packline/archive'
import type { Made } from '../../package.ts'
import type { Tree } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { collectMaven } from './collect-maven.ts'
import { collectPlain } from './collect-plain.ts'
import { jarEntry } from './own-jar.ts'

/** Rule java-jar: one jar where there is no library, else a ZIP of the jar and all of them. */
export async function collect(source: Tree, output: Tree, order: Order): Promise<Made> {
  const parts = source.find('pom.xml')
    ? await collectMaven(source, order)
    : await collectPlain(source, output, order)
  const { jar, libraries } = parts
  const beside = [...libraries, ...bootstrapOf(source, order)]
  if ('entries' in jar && beside.length === 0) return { format: 'jar', entries: jar.entries }
  const own = 'entries' in jar ? await jarEntry(jar.name, jar.entries) : jar.unchanged
  const installed = new Set(libraries.map(({ path }) => path))
  return { format: 'zip', entries: [own, ...beside], installed }
}

/** HTTP functions are started by a file of this name beside the jar. */
function bootstrapOf(source: Tree, { request }: Order): PackageEntry[] {
  const file = request.type === 'http' ? source.find('bootstrap') : undefined
  return file ? [{ ...source.entry(file), executable: true }] : []
}
