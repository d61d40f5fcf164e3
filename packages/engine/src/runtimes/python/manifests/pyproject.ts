import { pythonManifestFailures } from '../../../texts/failures/python-manifests.ts'
import type { ListLine } from './declared.ts'
import { invalid } from './invalid.ts'
import type { Root } from './locked.ts'
import type { MarkerEnvironment } from './marker.ts'
import { allows, specifiersOf } from './poetry-constraint.ts'
import { needsOf } from './poetry-lock.ts'
import { lineOf } from './read-text.ts'
import { normalName, parseRequirement, requirementLine } from './requirement.ts'
import { fromGit, isRepository } from './requirements-file.ts'
import { isTable, readToml, type Table, tableAt, textsIn } from './toml.ts'

const FILE = 'pyproject.toml'

/** What a pyproject.toml asks for at run time; groups and extras are for development. */
export interface Project {
  roots: readonly Root[]
  /** Names that tools get from elsewhere than the registry, with what the file says of each. */
  elsewhere: ReadonlyMap<string, Table>
  /** The Pythons that it is for, as alternatives. */
  pythons: readonly string[]
}

/**
 * `dependencies` of [project] (PEP 621), else Poetry's own table. MANIFEST_INVALID, with the line,
 * for what is neither TOML nor a requirement.
 */
export function readProject(text: string): Project {
  const table = readToml(text, FILE)
  const project = tableAt(table, 'project')
  const poetry = tableAt(table, 'tool', 'poetry', 'dependencies')
  const asked = Object.entries(poetry).filter(([name]) => name !== 'python')
  const sources = Object.entries(tableAt(table, 'tool', 'uv', 'sources'))
  const [wanted] = textsIn(project['requires-python'])
  const [python = '*'] = textsIn(poetry.python)
  return {
    // Poetry 2 reads [project], and its own table for what that can not say.
    roots:
      project.dependencies === undefined
        ? asked.flatMap(([name, value]) => poetryRoots(name, value, text))
        : projectRoots(project, text),
    elsewhere: elsewhereOf([...asked, ...sources]),
    pythons: wanted === undefined ? specifiersOf(python) : [wanted],
  }
}

/** MANIFEST_INVALID where the project says that it is not for the function's Python. */
export function refuseOtherPython(
  { pythons }: Project,
  { python_version: minor = '' }: MarkerEnvironment,
): void {
  if ([`${minor}.0`, `${minor}.99`].some((version) => allows(pythons, version))) return
  throw invalid({ file: FILE }, pythonManifestFailures.projectForOther(pythons, minor))
}

/** The requirements as a list, where there is no lock file. */
export function projectLines({ roots, elsewhere }: Project): ListLine[] {
  return roots.map((root) => {
    const { name, extras, specifiers, marker, file, line } = root
    const source = elsewhere.get(name)
    const [git] = textsIn(source?.git)
    if (git !== undefined) throw fromGit(root, `${name} (${git})`)
    if (source) throw invalid(root, pythonManifestFailures.fromElsewhere(name))
    if (root.url !== undefined && isRepository(root.url)) {
      throw fromGit(root, `${name} (${root.url})`)
    }
    const [specifier = '', ...others] = specifiers
    if (others.length > 0) throw invalid(root, pythonManifestFailures.alternatives(name))
    const asked = { name, extras, specifier, marker, url: root.url, file, line }
    const text = requirementLine(asked)
    return {
      text: marker === undefined ? text : `${text} ; ${marker}`,
      asked,
      hashes: [],
      file,
      line,
    }
  })
}

function projectRoots(project: Table, text: string): Root[] {
  const { dependencies = [] } = project
  const texts = textsIn(dependencies)
  if (!Array.isArray(dependencies) || texts.length !== dependencies.length) {
    const line = lineOf(text, /^\s*dependencies\s*=/m)
    throw invalid({ file: FILE, line }, pythonManifestFailures.noList())
  }
  const from = Math.max(0, text.search(/^\s*\[\s*project\s*\]/m))
  return texts.map((one) => {
    const line = lineOf(text, new RegExp(RegExp.escape(one.split(';')[0] ?? one)), from)
    const requirement = parseRequirement(one)
    if (!requirement) {
      throw invalid({ file: FILE, line }, pythonManifestFailures.noRequirement(one, true))
    }
    const { name, extras, specifier, url, marker } = requirement
    return { name, extras, specifiers: [specifier], url, marker, file: FILE, line }
  })
}

function poetryRoots(name: string, value: unknown, text: string): Root[] {
  const from = Math.max(0, text.search(/^\s*\[\s*tool\.poetry\.dependencies/m))
  const key = new RegExp(
    `^\\s*["']?${RegExp.escape(name)}["']?\\s*=|dependencies\\.["']?${name}`,
    'm',
  )
  const line = lineOf(text, key, from)
  return needsOf(name, value).map((need) => ({ ...need, file: FILE, line }))
}

const SOURCES = ['git', 'path', 'url', 'workspace']

function elsewhereOf(entries: readonly (readonly [string, unknown])[]): Map<string, Table> {
  return new Map(
    entries.flatMap(([name, value]) =>
      isTable(value) && SOURCES.some((key) => value[key] !== undefined)
        ? [[normalName(name), value] as const]
        : [],
    ),
  )
}
