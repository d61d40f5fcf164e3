import { join } from 'node:path'
import type { ArchiveEntry } from '@packline/archive'
import { type Component, componentOf } from '../../component.ts'
import { readElf } from '../../elf.ts'
import { readStart } from '../../read-start.ts'
import type { Subject } from '../runtime.ts'
import { readGoBinary } from './binary.ts'

const ELF_HEADER_BYTES = 64

/** The modules that were linked into each binary, by its build information (debug/buildinfo). */
export async function components({ package: { archive, folder } }: Subject): Promise<Component[]> {
  const found: Component[] = []
  for (const { path } of archive.entries.filter(mayBeGo)) {
    if (!readElf(await readStart(archive, path, ELF_HEADER_BYTES))) continue
    const binary = await readGoBinary(join(await folder(), path))
    if (binary?.goVersion === undefined) continue
    found.push(...modulesOf(binary.goVersion, binary.modules))
  }
  return found
}

/** Programs and plugins stand at the root, where the platform looks for them. */
function mayBeGo({ path, kind, executable }: ArchiveEntry): boolean {
  return kind === 'file' && !path.includes('/') && (executable || path.endsWith('.so'))
}

function modulesOf(goVersion: string, modules: ReadonlyMap<string, string>): Component[] {
  const all = [...modules, ['stdlib', goVersion] as const]
  return all.flatMap(([path, given]) => {
    // A replaced module: the path and version of what took its place.
    const [replacedBy, version] = given.includes(' ') ? given.split(' ', 2) : [path, given]
    const slash = (replacedBy ?? path).lastIndexOf('/')
    const [group, name] = [replacedBy?.slice(0, Math.max(slash, 0)), replacedBy?.slice(slash + 1)]
    if (name === undefined || name === '') return []
    return componentOf({ type: 'golang', group: group || undefined, name, version }) ?? []
  })
}
