import { setImmediate } from 'node:timers/promises'
import type { Finding, Words } from '@packline/shared'
import { finding } from '../../../finding.ts'
import { NOT_IMPORTED, pythonResolveTexts } from '../../../texts/python-resolve.ts'
import { preinstalledModules } from '../preinstalled.ts'
import { type ModulePaths, modulePaths } from './module-paths.ts'
import { type Import, importsOf } from './python-imports.ts'
import type { PythonSource } from './python-source.ts'
import { reachedFrom } from './reached-from.ts'
import { isStandard, standardElsewhere } from './standard-library.ts'

/** What the imports of a package's own code may lead to. */
export interface Surroundings {
  /** "3.10". */
  version: string
  /** Names of the profile's list. */
  preinstalled: readonly string[]
  /** Every path of the package. */
  paths: readonly string[]
  isInstalled(path: string): boolean
  /** Every path of the dependency packages that the request attaches. */
  attached: readonly string[]
  /** The file that the platform imports; undefined where a program of the package does. */
  entry?: string
}

/** Code that is there to test, set up or describe the function, and not to run in it. */
const NOT_RUN =
  /(^|\/)(tests?|testing|docs?|examples?)\/|(^|\/)(test_[^/]*|[^/]*_test|conftest|setup|noxfile)\.py$/

/** Code that finds modules by itself: where it looks, its text does not say. */
const FINDS_ITSELF = /\bsys\s*\.\s*(?:path|modules)\b|\baddsitedir\b|\b__path__\b/

/**
 * Rule python-resolve: what the user's own code imports is in the package, an attached dependency
 * package, the standard library of the function's Python, or pre-installed. A warning in what the
 * handler imports, a note in code that nothing imports by name.
 */
export async function checkImports(
  sources: readonly PythonSource[],
  around: Surroundings,
): Promise<Finding[]> {
  const place: Place = {
    ...around,
    modules: modulePaths([...around.paths, ...around.attached]),
    foreign: modulePaths([...around.paths.filter(around.isInstalled), ...around.attached]),
    known: new Set(preinstalledModules(around.preinstalled)),
    findsItself: sources.some(({ text }) => FINDS_ITSELF.test(text)),
  }
  const imports = new Map<string, Import[]>()
  for (const { path, text } of sources) {
    imports.set(path, importsOf(text))
    // A worker has other builds, and locks to renew, while it reads many files.
    await setImmediate()
  }
  const reached = reachedFrom(around.entry, imports)
  return sources.flatMap(({ path }): Finding[] => {
    if (!reached.has(path) && NOT_RUN.test(path)) return []
    const missing = (imports.get(path) ?? []).flatMap((one) => unresolved(one, path, place))
    const level = reached.has(path) ? 'warning' : 'note'
    return firstOfEach(missing).map(({ module, line, why }) => {
      const said = pythonResolveTexts.missing(path, module, why)
      return finding('python-resolve', level, said, { path, line })
    })
  })
}

interface Place extends Surroundings {
  modules: ModulePaths
  /** What others made: their modules may have names that no file shows. */
  foreign: ModulePaths
  known: ReadonlySet<string>
  findsItself: boolean
}

interface Missing {
  module: string
  line: number
  why: Words
}

/** A module that a file imports ten times is told once. */
function firstOfEach(missing: readonly Missing[]): Missing[] {
  const seen = new Set<string>()
  return missing.filter(({ module }) => !seen.has(module) && seen.add(module))
}

function unresolved(one: Import, path: string, place: Place): Missing[] {
  return one.level > 0 ? relative(one, path, place) : absolute(one, path, place)
}

function absolute(one: Import, path: string, place: Place): Missing[] {
  const { version, modules, foreign, known, findsItself } = place
  const top = one.module.split('.', 1)[0] ?? ''
  if (known.has(top) || isStandard(top, version) || foreign.kindOf(top)) return []
  if (findsItself && modules.hasAnywhere(top)) return []
  if (looksBeside(place) && modules.kindOf(beside(top, path))) return []
  if (modules.kindOf(top)) return inOwn(one.module, one, place)
  return [{ module: top, line: one.line, why: whyMissing(top, place) }]
}

/** Python 2 looks beside the file first; a program has its own folder on the path. */
function looksBeside({ version, entry }: Place): boolean {
  return version.startsWith('2.') || entry === undefined
}

function beside(module: string, path: string): string {
  return [...path.split('/').slice(0, -1), module].join('.')
}

function whyMissing(module: string, { version, attached }: Place): Words {
  const elsewhere = standardElsewhere(module)
  if (elsewhere !== undefined) return NOT_IMPORTED.otherVersion(elsewhere, version)
  return NOT_IMPORTED.nowhere(version, attached.length > 0)
}

function relative(one: Import, path: string, place: Place): Missing[] {
  const folders = path.split('/').slice(0, -1)
  const shown = `${'.'.repeat(one.level)}${one.module}`
  if (one.level > folders.length) {
    return [{ module: shown, line: one.line, why: NOT_IMPORTED.outOfRoot() }]
  }
  const base = folders.slice(0, folders.length - one.level + 1)
  return inOwn([...base, one.module].filter(Boolean).join('.'), one, place)
}

/** Own packages show all their modules, but for what an __init__ defines. */
function inOwn(
  module: string,
  { names, line }: Import,
  { modules, foreign, findsItself }: Place,
): Missing[] {
  if (findsItself || foreign.kindOf(module.split('.', 1)[0] ?? '')) return []
  const parts = module.split('.')
  const all = parts.map((_, at) => parts.slice(0, at + 1).join('.'))
  if (modules.kindOf(module) === 'folder') {
    all.push(...names.filter((name) => name !== '*').map((name) => `${module}.${name}`))
  }
  return all
    .filter((name) => !modules.kindOf(name))
    .slice(0, 1)
    .map((name) => ({ module: name, line, why: NOT_IMPORTED.notInOwn() }))
}
