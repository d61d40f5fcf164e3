import { join } from 'node:path'
import type { ArchiveEntry } from '@packline/archive'
import { type Component, componentOf } from '../../component.ts'
import { readElf } from '../../elf.ts'
import { readStart } from '../../read-start.ts'
import type { Subject } from '../runtime.ts'
import { type GoBinary, readGoBinary } from './binary.ts'

const ELF_HEADER_BYTES = 64

/** The modules that were linked into each binary, by its build information (debug/buildinfo). */
export async function components({ package: { archive, folder } }: Subject): Promise<Component[]> {
  const found: Component[] = []
  for (const { path } of archive.entries.filter(mayBeGo)) {
    if (!readElf(await readStart(archive, path, ELF_HEADER_BYTES))) continue
    const binary = await readGoBinary(join(await folder(), path))
    if (binary?.goVersion === undefined) continue
    found.push(...modulesOf(binary.goVersion, binary))
  }
  return found
}

/** Programs and plugins stand at the root, where the platform looks for them. */
function mayBeGo({ path, kind, executable }: ArchiveEntry): boolean {
  return kind === 'file' && !path.includes('/') && (executable || path.endsWith('.so'))
}

function modulesOf(goVersion: string, { modules, sums }: GoBinary): Component[] {
  const all = [...modules, ['stdlib', goVersion] as const]
  return all.flatMap(([path, given]) => {
    const [compiled, version] = compiledFor(path, given)
    const slash = compiled.lastIndexOf('/')
    const [group, name] = [compiled.slice(0, Math.max(slash, 0)), compiled.slice(slash + 1)]
    if (name === '') return []
    const sum = sums.get(`${compiled}@${version}`)
    // No digest of a file, which is what a hash would have to be.
    const properties = sum === undefined ? undefined : { 'packline:go:sum': sum }
    const module = { type: 'golang', group: group || undefined, name, version } as const
    return componentOf({ ...module, properties }) ?? []
  })
}

/** Of a replaced module path and version of what took its place; a folder has no version. */
function compiledFor(path: string, given: string): [path: string, version?: string] {
  if (/^\.{0,2}\//.test(given)) return [path]
  const [replacedBy, version] = given.split(' ', 2)
  return replacedBy !== undefined && version !== undefined ? [replacedBy, version] : [path, given]
}
