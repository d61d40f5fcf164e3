import { satisfies } from '@renovatebot/pep440'
import { pythonManifestFailures } from '../../../texts/failures/python-manifests.ts'
import { invalid } from './invalid.ts'
import type { Lock, LockedPackage, Need } from './locked.ts'
import type { MarkerEnvironment } from './marker.ts'
import { normalName } from './requirement.ts'
import { readToml, type Table, tableAt, tablesIn, textsIn } from './toml.ts'

const FILE = 'uv.lock'
/** The only version of the format that there is (uv's own reader refuses others as well). */
const VERSION = 1

/** uv.lock. MANIFEST_INVALID for another format, and for Pythons that it was not made for. */
export function readUvLock(text: string, environment: MarkerEnvironment): Lock {
  const lock = readToml(text, FILE)
  const renew = 'uv lock'
  if (lock.version !== VERSION) {
    const said = pythonManifestFailures.otherFormat(`${lock.version}`, VERSION, renew)
    throw invalid({ file: FILE, line: 1 }, said)
  }
  refuseOtherPython(lock, environment)
  const lines = linesOfPackages(text)
  const packages = tablesIn(lock.package).map((entry, at) => packageOf(entry, lines[at] ?? 1))
  return { file: FILE, packages, renew }
}

/** Where each [[package]] starts. */
export function linesOfPackages(text: string): number[] {
  return text
    .split('\n')
    .flatMap((line, at) => (/^\s*\[\[\s*package\s*\]\]/.test(line) ? [at + 1] : []))
}

/**
 * Whether a range of Pythons has some patch release of this one; which one the platform has is not
 * known.
 */
export function hasPython(specifier: string, { python_version: minor }: MarkerEnvironment) {
  return [`${minor}.0`, `${minor}.99`].some((version) => satisfies(version, specifier))
}

function refuseOtherPython(lock: Table, environment: MarkerEnvironment): void {
  const [wanted] = textsIn(lock['requires-python'])
  if (wanted === undefined || hasPython(wanted, environment)) return
  const { python_version: minor } = environment
  throw invalid({ file: FILE }, pythonManifestFailures.forOther(wanted, minor, 'requires-python'))
}

function packageOf(entry: Table, line: number): LockedPackage {
  const source = tableAt(entry, 'source')
  const extras = Object.entries(tableAt(entry, 'optional-dependencies'))
  return {
    name: normalName(String(entry.name)),
    version: String(entry.version ?? '0'),
    hashes: [entry.sdist, ...tablesIn(entry.wheels)].flatMap((file) => textsIn(hashOf(file))),
    needs: [
      ...tablesIn(entry.dependencies).map((need) => needOf(need)),
      ...extras.flatMap(([extra, list]) =>
        tablesIn(list).map((need) => needOf(need, normalName(extra))),
      ),
    ],
    markers: textsIn(entry['resolution-markers'] ?? []),
    from: fromOf(source),
    line,
  }
}

function hashOf(file: unknown): unknown {
  return tableAt({ file }, 'file').hash
}

function needOf(need: Table, extra?: string): Need {
  const [version] = textsIn(need.version)
  const [marker] = textsIn(need.marker)
  return {
    name: normalName(String(need.name)),
    extras: textsIn(need.extra ?? []).map(normalName),
    specifiers: version === undefined ? [''] : [`==${version}`],
    marker,
    extra,
  }
}

function fromOf(source: Table): LockedPackage['from'] {
  const [path] = textsIn([source.path, source.directory, source.editable, source.virtual])
  if (path !== undefined) return { path }
  const [git] = textsIn(source.git)
  if (git !== undefined) return { git }
  const [url] = textsIn(source.url)
  return url === undefined ? undefined : { url }
}
