import type { ArchiveEntry } from '@packline/archive'
import type { SizeRow } from '@packline/shared'
import { foldersOf } from './tree.ts'

const ROWS_MAX = 20

/**
 * The twenty largest folders, with all that lies below them, and the twenty largest files; by what
 * they take in the package.
 */
export function sizeTable(entries: readonly ArchiveEntry[]): SizeRow[] {
  const folders = new Map<string, SizeRow>()
  const files: SizeRow[] = []
  for (const { path, kind, compressedSize: packed, size: unpacked } of entries) {
    if (kind === 'folder') continue
    files.push({ path, kind: 'file', packed, unpacked })
    for (const folder of foldersOf(path)) {
      const row = folders.get(folder) ?? { path: folder, kind: 'folder', packed: 0, unpacked: 0 }
      folders.set(folder, {
        ...row,
        packed: row.packed + packed,
        unpacked: row.unpacked + unpacked,
      })
    }
  }
  return [...largest([...folders.values()]), ...largest(files)]
}

/** Equal ones by path, so that equal packages have equal tables. */
function largest(rows: SizeRow[]): SizeRow[] {
  const order = (a: SizeRow, b: SizeRow) => b.packed - a.packed || (a.path < b.path ? -1 : 1)
  return rows.sort(order).slice(0, ROWS_MAX)
}
