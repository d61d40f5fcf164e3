import { posix } from 'node:path'
import type { PackageEntry } from '@packline/archive'
import { type BuildRequest, failed } from '@packline/shared'
import type { Made } from '../package.ts'
import { dependencyFailures } from '../texts/failures/manifest.ts'

/** Entries of one build, apart by whose they are. */
interface Parts {
  own: PackageEntry[]
  installed: PackageEntry[]
}

/** What a manifest asked for, and nothing of the manifest's own. Throws MANIFEST_INVALID. */
export function dependenciesOf(made: Made, { runtime }: BuildRequest): Made {
  const { own, installed } = apart(made)
  const outside = own.find(({ path }) => made.installed?.has(path) === true)
  if (outside) {
    const { path, linkTarget = '' } = outside
    throw failed('MANIFEST_INVALID', dependencyFailures.linkedOutside(path, linkTarget))
  }
  if (installed.length > 0) return { ...made, format: 'zip', entries: installed }
  throw failed('MANIFEST_INVALID', dependencyFailures.nothing(runtime))
}

/** The function's own part, and what `build.split` puts apart; undefined where that is nothing. */
export function splitOf(made: Made): { made: Made; split: PackageEntry[] } | undefined {
  const { own, installed } = apart(made)
  if (installed.length === 0) return undefined
  return { made: { ...made, entries: own }, split: installed }
}

/** Links that lead to the source's own folders (workspaces) are its own, wherever they stand. */
function apart({ entries, installed = new Set() }: Made): Parts {
  const parts: Parts = { own: [], installed: [] }
  const places = placesOf(installed)
  for (const entry of entries) {
    const isInstalled = installed.has(entry.path) && !leadsElsewhere(entry, places)
    parts[isInstalled ? 'installed' : 'own'].push(entry)
  }
  return parts
}

/** The files and every folder that they lie in. */
function placesOf(files: ReadonlySet<string>): Set<string> {
  const places = new Set(files)
  for (const file of files) {
    for (let at = posix.dirname(file); at !== '.' && !places.has(at); at = posix.dirname(at)) {
      places.add(at)
    }
  }
  return places
}

function leadsElsewhere({ path, linkTarget }: PackageEntry, places: ReadonlySet<string>): boolean {
  return linkTarget !== undefined && !places.has(posix.join(posix.dirname(path), linkTarget))
}
