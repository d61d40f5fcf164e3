import { type ListedEntry, listArchive } from '@packline/archive'
import { failed, LIMITS, type NumberedPackage, type PackagesDiff } from '@packline/shared'
import type { Store } from '@packline/stores'
import { rangesOf } from './stored-ranges.ts'
import { packageFailures } from './texts/packages.ts'

/** What differs between the files of two packages, by their directories alone. */
export async function diffPackages(
  from: NumberedPackage,
  to: NumberedPackage,
  store: Store,
): Promise<PackagesDiff> {
  const [before, after] = await Promise.all([filesOf(from, store), filesOf(to, store)])
  const added = [...after].filter(([path]) => !before.has(path)).map(toRow)
  const removed = [...before].filter(([path]) => !after.has(path)).map(toRow)
  const both = [...after].flatMap(([path, file]) => {
    const old = before.get(path)
    return old ? [{ path, from: toFile(old), to: toFile(file) }] : []
  })
  const changed = both.filter(
    (row) => row.from.crc32 !== row.to.crc32 || row.from.size !== row.to.size,
  )
  const counts = {
    added: added.length,
    removed: removed.length,
    changed: changed.length,
    same: both.length - changed.length,
  }
  const [some, others, more] = [cut(added), cut(removed), cut(changed)]
  return { from: from.number, to: to.number, counts, added: some, removed: others, changed: more }
}

type Files = Map<string, ListedEntry>

async function filesOf({ number, build, package: stored }: NumberedPackage, store: Store) {
  const gone = () => failed('NOT_FOUND', packageFailures.revisionLost(number, build))
  const entries = await listArchive(stored.size, rangesOf(stored.key, store, gone))
  const files = entries.filter(({ kind }) => kind !== 'folder')
  return new Map(files.map((entry) => [entry.path, entry])) satisfies Files
}

function toRow([path, entry]: [string, ListedEntry]) {
  return { path, ...toFile(entry) }
}

function toFile({ size, crc }: ListedEntry): { size: number; crc32: string } {
  return { size, crc32: crc.toString(16).padStart(8, '0') }
}

function cut<T>(rows: T[]): T[] {
  return rows.slice(0, LIMITS.diffRowsMax)
}
