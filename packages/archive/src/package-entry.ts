import type { Readable } from 'node:stream'
import type { Archive } from './archive.ts'

/** Bytes of an entry: in memory, in a file, or from wherever `open` takes them (an archive). */
export type PackageContent = Buffer | { path: string } | { open: () => Promise<Readable> }

/** One file or link that goes into a package; `path` is inside the package, `size` exact. */
export interface PackageEntry {
  path: string
  /** Without it a file. */
  kind?: 'file' | 'link'
  executable: boolean
  size: number
  /** Of a link without `linkTarget`: its target, as a Buffer. */
  content: PackageContent
  linkTarget?: string
}

/** An archive's files and links as entries of a new one; the archive stays open until written. */
export function packageEntriesOf(archive: Archive): PackageEntry[] {
  const entries: PackageEntry[] = []
  for (const { path, kind, size, executable, linkTarget } of archive.entries) {
    if (kind === 'folder') continue
    const content: PackageContent =
      linkTarget === undefined ? { open: () => archive.open(path) } : Buffer.from(linkTarget)
    entries.push({ path, kind, executable, size, content, linkTarget })
  }
  return entries
}
