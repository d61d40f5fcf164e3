import type { Archive, ArchiveEntry } from '@packline/archive'
import { dependencyRef, type Finding, type RuntimeName, type Words } from '@packline/shared'
import { finding } from '../finding.ts'
import type { Subject } from '../runtimes/runtime.ts'
import { dependencyClashTexts, OWN_PACKAGE } from '../texts/dependency-clash.ts'
import { listed, verbatim } from '../words.ts'
import type { Rule } from './rule.ts'

const LISTED_MAX = 20

/**
 * No file or folder of a dependency package has a name that the function's own package or another
 * one has: the platform would overwrite it (package-rules.md part 3). Equal content does no harm.
 */
export const dependencyClash: Rule = {
  id: 'dependency-clash',
  check: (subject) => {
    if (subject.dependencies.length === 0) return []
    const layers = layersOf(subject)
    return layers.flatMap((upper, index) =>
      layers.slice(0, index).flatMap((lower) => clash(lower, upper)),
    )
  },
}

/** What is laid over another: its names, each with what tells its content. */
interface Layer {
  title: Words
  names: ReadonlyMap<string, string>
}

function layersOf({ package: { archive, format }, dependencies, request }: Subject): Layer[] {
  // A jar is one file on the platform, whatever is in it.
  const own = format === 'jar' ? new Map() : namesOf(archive, request.runtime)
  return [
    { title: OWN_PACKAGE, names: own },
    ...dependencies.map((one) => ({
      title: verbatim(dependencyRef(one)),
      names: namesOf(one.archive, request.runtime),
    })),
  ]
}

function namesOf({ entries }: Archive, runtime: RuntimeName): Map<string, string> {
  const contents = new Map<string, string[]>()
  for (const entry of entries) {
    const name = nameOf(entry, runtime)
    if (name === undefined) continue
    const told = contents.get(name) ?? []
    if (entry.kind !== 'folder') told.push(contentOf(entry))
    contents.set(name, told)
  }
  return new Map([...contents].map(([name, told]) => [name, told.sort().join('\n')]))
}

/**
 * Every Node.js package has node_modules/ by rule: there the modules are what may be equal.
 * Undefined for what does no harm where it is overwritten: installers' notes and caches.
 */
function nameOf({ path, kind }: ArchiveEntry, runtime: RuntimeName): string | undefined {
  const [first = '', ...rest] = path.split('/')
  if (runtime === 'python' && first === '__pycache__') return undefined
  if (runtime !== 'nodejs' || first !== 'node_modules') return first
  const isShared = rest[0] === '.bin' || rest[0]?.startsWith('@')
  const length = isShared ? 2 : 1
  if (rest.length < length && kind === 'folder') return undefined
  if (rest.length === 1 && kind === 'file' && rest[0]?.startsWith('.')) return undefined
  return [first, ...rest.slice(0, length)].join('/')
}

function contentOf({ path, size, crc, linkTarget = '', executable }: ArchiveEntry): string {
  return `${path} ${size} ${crc} ${executable} ${linkTarget}`
}

function clash(lower: Layer, upper: Layer): Finding[] {
  const equal = [...upper.names].flatMap(([name, content]) => {
    const other = lower.names.get(name)
    if (other !== undefined) return other === content ? [] : [name]
    return isWithin(name, lower.names) ? [name] : []
  })
  const below = [...lower.names.keys()].filter((name) => isWithin(name, upper.names))
  const names = [...new Set([...equal, ...below])].sort()
  if (names.length === 0) return []
  const shown = listed(names, LISTED_MAX)
  const said = dependencyClashTexts.overwrites(upper.title, lower.title, shown)
  return [finding('dependency-clash', 'error', said, { path: names[0] })]
}

/** A file or a link where the other has a folder. */
function isWithin(name: string, names: ReadonlyMap<string, string>): boolean {
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
    if (names.has(name.slice(0, at))) return true
  }
  return false
}
