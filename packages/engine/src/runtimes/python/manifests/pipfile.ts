import { LOCK_HINTS, pythonManifestFailures } from '../../../texts/failures/python-manifests.ts'
import type { Tree } from '../../../tree.ts'
import type { ListLine } from './declared.ts'
import { invalid } from './invalid.ts'
import { localLine } from './local-path.ts'
import type { Root } from './locked.ts'
import { isMarker, type MarkerEnvironment, markerHolds } from './marker.ts'
import { allows } from './poetry-constraint.ts'
import type { Project } from './pyproject.ts'
import { lineOf } from './read-text.ts'
import { normalName } from './requirement.ts'
import { fromGit } from './requirements-file.ts'
import { isTable, readToml, type Table, tableAt, textsIn } from './toml.ts'

const LOCK = 'Pipfile.lock'
const ELSEWHERE = ['git', 'hg', 'svn', 'path', 'file']
const RENEW = LOCK_HINTS.pipenv

/** [packages] of a Pipfile. */
export function readPipfile(text: string): Project {
  const packages = tableAt(readToml(text, 'Pipfile'), 'packages')
  const from = Math.max(0, text.search(/^\s*\[\s*packages\s*\]/m))
  const elsewhere = new Map<string, Table>()
  const roots = Object.entries(packages).map(([written, value]): Root => {
    const name = normalName(written)
    const table: Table = isTable(value) ? value : { version: value }
    if (ELSEWHERE.some((key) => table[key] !== undefined)) elsewhere.set(name, table)
    const [version = '*'] = textsIn(table.version)
    const key = new RegExp(`^\\s*["']?${RegExp.escape(written)}["']?\\s*=`, 'm')
    return {
      name,
      extras: textsIn(table.extras ?? []).map(normalName),
      specifiers: [version === '*' ? '' : version.replaceAll(/\s+/g, '')],
      marker: markerOf(table),
      file: 'Pipfile',
      line: lineOf(text, key, from),
    }
  })
  return { roots, elsewhere, pythons: [''] }
}

/** "default" of Pipfile.lock, checked against what the Pipfile asks for. */
export async function pipfileLines(
  tree: Tree,
  text: string,
  roots: readonly Root[],
  environment: MarkerEnvironment,
): Promise<ListLine[]> {
  const lock = readJson(text)
  refuseOtherPython(lock, environment)
  const locked = Object.entries(tableAt(lock, 'default')).map(
    ([name, entry]) => [normalName(name), isTable(entry) ? entry : {}] as const,
  )
  refuseOutdated(roots, new Map(locked))
  const holding = locked.filter(([, entry]) => {
    const marker = markerOf(entry)
    return marker === undefined || markerHolds(marker, environment)
  })
  return Promise.all(holding.map(([name, entry]) => lineFor(tree, name, entry, text)))
}

function readJson(text: string): Table {
  try {
    const value: unknown = JSON.parse(text)
    if (isTable(value)) return value
  } catch {
    // Told below, as a list or a number is.
  }
  throw invalid({ file: LOCK }, pythonManifestFailures.notJson(RENEW))
}

function refuseOtherPython(lock: Table, { python_version: minor }: MarkerEnvironment): void {
  const [wanted] = textsIn(tableAt(lock, '_meta', 'requires').python_version)
  if (wanted === undefined || wanted === minor) return
  throw invalid({ file: LOCK }, pythonManifestFailures.madeForOther(wanted, minor))
}

function refuseOutdated(roots: readonly Root[], locked: ReadonlyMap<string, Table>): void {
  for (const root of roots) {
    const entry = locked.get(root.name)
    const version = versionOf(entry ?? {})
    if (entry && (version === undefined || allows(root.specifiers, version))) continue
    const what = `${root.name}${root.specifiers.join('')}`
    const has = entry ? String(version) : ''
    throw invalid(root, pythonManifestFailures.notLocked(what, LOCK, has, RENEW))
  }
}

function versionOf(entry: Table): string | undefined {
  return textsIn(entry.version)[0]?.replace(/^===?/, '')
}

async function lineFor(tree: Tree, name: string, entry: Table, text: string): Promise<ListLine> {
  const line = lineOf(text, new RegExp(`^\\s*"${RegExp.escape(name)}"\\s*:`, 'im'))
  const place = { file: LOCK, line }
  const extras = textsIn(entry.extras ?? []).map(normalName)
  const shown = extras.length > 0 ? `[${extras.join(',')}]` : ''
  const [git] = textsIn([entry.git, entry.hg, entry.svn])
  if (git !== undefined) throw fromGit(place, `${name} (${git})`)
  const [path] = textsIn([entry.path, entry.file])
  const hashes = textsIn(entry.hashes ?? [])
  if (path !== undefined && !/^https?:/.test(path)) {
    const local = await localLine(tree, { path, name, extras: shown, ...place })
    return hashes.length > 0 ? { ...local, hashes } : local
  }
  if (path !== undefined) return { text: `${name}${shown} @ ${path}`, hashes, ...place }
  const version = versionOf(entry)
  if (version === undefined) throw invalid(place, pythonManifestFailures.noVersion(name, RENEW))
  const asked = { name, extras, specifier: `==${version}`, ...place }
  return { text: `${name}==${version}`, asked, hashes, ...place }
}

/** `markers`, and the names of markers as keys of their own: sys_platform = "== 'win32'". */
function markerOf(table: Table): string | undefined {
  const names = ['sys_platform', 'platform_system', 'platform_machine', 'os_name', 'python_version']
  const own = names.flatMap((name) => textsIn(table[name]).map((rest) => `${name} ${rest}`))
  const all = [...textsIn(table.markers), ...own].filter(isMarker)
  return all.length > 0 ? all.map((one) => `(${one})`).join(' and ') : undefined
}
