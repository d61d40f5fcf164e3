import { pythonManifestFailures } from '../../../texts/failures/python-manifests.ts'
import { invalid } from './invalid.ts'
import type { Lock, LockedPackage, Need } from './locked.ts'
import type { MarkerEnvironment } from './marker.ts'
import { allows, specifiersOf } from './poetry-constraint.ts'
import { normalName } from './requirement.ts'
import { isTable, readToml, type Table, tableAt, tablesIn, textsIn } from './toml.ts'
import { linesOfPackages } from './uv-lock.ts'

const FILE = 'poetry.lock'

/** poetry.lock of Poetry 1 and 2. MANIFEST_INVALID for Pythons that it was not made for. */
export function readPoetryLock(text: string, environment: MarkerEnvironment): Lock {
  const lock = readToml(text, FILE)
  const metadata = tableAt(lock, 'metadata')
  refuseOtherPython(metadata, environment)
  const lines = linesOfPackages(text)
  const packages = tablesIn(lock.package).map((entry, at) =>
    packageOf(entry, metadata, lines[at] ?? 1),
  )
  return { file: FILE, packages, renew: 'poetry lock' }
}

function refuseOtherPython(metadata: Table, { python_version: minor = '' }: MarkerEnvironment) {
  const [wanted] = textsIn(metadata['python-versions'])
  if (wanted === undefined) return
  const specifiers = specifiersOf(wanted)
  if ([`${minor}.0`, `${minor}.99`].some((version) => allows(specifiers, version))) return
  throw invalid({ file: FILE }, pythonManifestFailures.forOther(wanted, minor, 'python'))
}

function packageOf(entry: Table, metadata: Table, line: number): LockedPackage {
  const name = String(entry.name)
  // Poetry 1.0 kept the hashes of all packages in one table at the end.
  const files = entry.files ?? tableAt(metadata, 'files')[name]
  return {
    name: normalName(name),
    version: String(entry.version),
    hashes: tablesIn(files).flatMap(({ hash }) => textsIn(hash)),
    needs: Object.entries(tableAt(entry, 'dependencies')).flatMap(([need, value]) =>
      needsOf(need, value, tableAt(entry, 'extras')),
    ),
    markers: textsIn(entry.markers),
    from: fromOf(tableAt(entry, 'source')),
    line,
  }
}

/** Poetry's forms of one dependency: a constraint, a table, or a list of tables. */
export function needsOf(name: string, value: unknown, extras: Table = {}): Need[] {
  const forms = Array.isArray(value) ? value : [value]
  return forms.flatMap((form) => {
    const table: Table = isTable(form) ? form : { version: form }
    const need = needOf(name, table)
    if (table.optional !== true) return [need]
    return extrasWith(name, extras).map((extra) => ({ ...need, extra }))
  })
}

function needOf(name: string, table: Table): Need {
  const [constraint = '*'] = textsIn(table.version)
  const [python] = textsIn(table.python)
  const [platform] = textsIn(table.platform)
  const markers = [
    ...textsIn(table.markers),
    ...(python === undefined ? [] : [pythonMarker(python)]),
    ...(platform === undefined ? [] : [`sys_platform == "${platform}"`]),
  ]
  return {
    name: normalName(name),
    extras: textsIn(table.extras ?? []).map(normalName),
    specifiers: specifiersOf(constraint),
    marker: markers.length > 0 ? markers.map((one) => `(${one})`).join(' and ') : undefined,
  }
}

function pythonMarker(constraint: string): string {
  const alternatives = specifiersOf(constraint).map((specifier) =>
    specifier
      .split(',')
      .map((part) => part.replace(/^([<>=!~]+)(.+)$/, 'python_full_version $1 "$2"'))
      .join(' and '),
  )
  return alternatives.map((one) => `(${one})`).join(' or ')
}

/** The extras of a package whose list has the dependency, such as socks = ["PySocks (>=1.5)"]. */
function extrasWith(name: string, extras: Table): string[] {
  const wanted = normalName(name)
  return Object.entries(extras).flatMap(([extra, list]) =>
    textsIn(list).some((one) => normalName(/^[\w.-]+/.exec(one)?.[0] ?? '') === wanted)
      ? [normalName(extra)]
      : [],
  )
}

function fromOf(source: Table): LockedPackage['from'] {
  const [type] = textsIn(source.type)
  const [url = ''] = textsIn(source.url)
  if (type === 'git') return { git: url }
  if (type === 'url') return { url }
  // "legacy" is another registry: its files are held to their hashes wherever they come from.
  return type === 'file' || type === 'directory' ? { path: url } : undefined
}
