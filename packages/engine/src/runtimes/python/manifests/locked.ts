import { LOCK_HINTS, pythonManifestFailures } from '../../../texts/failures/python-manifests.ts'
import type { Tree } from '../../../tree.ts'
import type { ListLine } from './declared.ts'
import { invalid } from './invalid.ts'
import { localLine } from './local-path.ts'
import { type MarkerEnvironment, markerHolds } from './marker.ts'
import { allows } from './poetry-constraint.ts'
import { fromGit } from './requirements-file.ts'

/** What a package of a lock file, or the project itself, asks for. */
export interface Need {
  name: string
  extras: readonly string[]
  /** Any of these; empty: any version. */
  specifiers: readonly string[]
  marker?: string
  /** Asked for only where this extra of the package is. */
  extra?: string
}

/** One entry of a lock file, of whichever tool. */
export interface LockedPackage {
  name: string
  version: string
  /** "sha256:..." of every file that the lock knows. */
  hashes: readonly string[]
  needs: readonly Need[]
  /** Several entries of one name are told apart by these: one of them holds. */
  markers: readonly string[]
  /** A path of the source, an address, or a version control system; absent: the registry. */
  from?: { path: string } | { url: string } | { git: string }
  line: number
}

/** What the project asks for itself, each with its place in the manifest. */
export interface Root extends Need {
  url?: string
  file: string
  line: number
}

/** A lock file as it was read. */
export interface Lock {
  file: string
  packages: readonly LockedPackage[]
  /** The command that makes it anew, such as "uv lock". */
  renew: string
}

/**
 * What of a lock file the platform's Python gets: from what the project asks for through all that
 * this needs. MANIFEST_INVALID where the lock lacks a package or holds a version that is not asked
 * for: it is older than the manifest.
 */
export async function lockedLines(
  tree: Tree,
  roots: readonly Root[],
  lock: Lock,
  environment: MarkerEnvironment,
): Promise<ListLine[]> {
  const reached = new Map<LockedPackage, Set<string>>()
  const open: { need: Need; by: { file: string; line: number } }[] = []
  for (const root of roots) if (applies(root, environment, [])) open.push({ need: root, by: root })
  for (let next = open.pop(); next; next = open.pop()) {
    const { need, by } = next
    const entry = chosen(need, by, lock, environment)
    const extras = reached.get(entry)
    if (extras && need.extras.every((extra) => extras.has(extra))) continue
    const all = new Set([...(extras ?? []), ...need.extras])
    reached.set(entry, all)
    const place = { file: lock.file, line: entry.line }
    const needs = entry.needs.filter((one) => applies(one, environment, [...all]))
    open.push(...needs.map((one) => ({ need: one, by: place })))
  }
  const found = [...reached].sort(([a], [b]) => (a.name < b.name ? -1 : 1))
  return Promise.all(found.map(([entry, extras]) => lineOf(tree, entry, [...extras].sort(), lock)))
}

function applies(
  { marker, extra }: Need,
  environment: MarkerEnvironment,
  extras: readonly string[],
): boolean {
  if (extra !== undefined && !extras.includes(extra)) return false
  return marker === undefined || markerHolds(marker, environment, extras)
}

function chosen(
  need: Need,
  place: { file: string; line: number },
  lock: Lock,
  environment: MarkerEnvironment,
): LockedPackage {
  const named = lock.packages.filter(({ name }) => name === need.name)
  const fitting = named.filter(({ version }) => allows(need.specifiers, version))
  const holding = fitting.filter(
    ({ markers }) => markers.length === 0 || markers.some((one) => markerHolds(one, environment)),
  )
  const [found] = holding.length > 0 ? holding : fitting
  if (found) return found
  const has = named.map(({ version }) => version).join(', ')
  const what = `${need.name}${need.specifiers.join(' or ')}`
  const hint = LOCK_HINTS.isOlder(lock.file, lock.renew)
  throw invalid(place, pythonManifestFailures.notLocked(what, lock.file, has, hint))
}

async function lineOf(
  tree: Tree,
  { name, version, hashes, from, line: at }: LockedPackage,
  extras: readonly string[],
  { file }: Lock,
): Promise<ListLine> {
  const place = { file, line: at }
  const shown = extras.length > 0 ? `[${extras.join(',')}]` : ''
  if (from && 'git' in from) throw fromGit(place, `${name} (${from.git})`)
  if (from && 'url' in from) return { text: `${name}${shown} @ ${from.url}`, hashes, ...place }
  if (from) {
    const line = await localLine(tree, { path: from.path, name, extras: shown, ...place })
    return hashes.length > 0 ? { ...line, hashes } : line
  }
  const asked = { name, extras, specifier: `==${version}`, ...place }
  return { text: `${name}==${version}`, asked, hashes, ...place }
}
