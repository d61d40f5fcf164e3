import { createHash } from 'node:crypto'
import type { PackageEntry } from '@packline/archive'
import { PacklineError } from '@packline/shared'

/** One file or link of a tree; paths are relative with forward slashes. */
export interface TreeFile {
  path: string
  size: number
  executable: boolean
  linkTarget?: string
}

/** A source's files, in memory or on disk: the steps need not know which. */
export interface Tree {
  /** Sorted by path; folders are not listed. */
  readonly files: readonly TreeFile[]
  find(path: string): TreeFile | undefined
  /** The whole file; throws UNPACKED_TOO_LARGE above the limit. */
  read(path: string, bytesMax: number): Promise<Buffer>
  /** As a package entry, under another path where one is given. */
  entry(file: TreeFile, path?: string): PackageEntry
  /** What lies below one of its folders. */
  below(folder: string): Promise<Tree>
  /** Puts the files at a folder of the build's scratch: memory is written, a disk tree is moved. */
  moveTo(folder: string): Promise<Tree>
}

/** The one folder that everything lies in, or undefined. */
export function wrappingFolder(files: readonly { path: string }[]): string | undefined {
  const first = files[0]?.path
  const slash = first?.indexOf('/') ?? -1
  if (first === undefined || slash < 0) return undefined
  const prefix = first.slice(0, slash + 1)
  return files.every((file) => file.path.startsWith(prefix)) ? first.slice(0, slash) : undefined
}

/** sha256 over names, modes and contents: pins a source that has no archive or commit. */
export async function digestOf(tree: Tree): Promise<string> {
  const hash = createHash('sha256')
  for (const file of tree.files) {
    const mode = file.executable ? 'x' : '-'
    hash.update(`${file.path}\0${mode}\0${file.linkTarget ?? ''}\0${file.size}\0`)
    if (file.linkTarget === undefined) hash.update(await tree.read(file.path, file.size))
  }
  return hash.digest('hex')
}

/** By code unit, so that every worker sees the same order. */
export function sortedByPath<T extends { path: string }>(files: readonly T[]): T[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

/** Refuses to hand out more of a file than the reader can hold. */
export function checkReadSize(path: string, size: number, bytesMax: number): void {
  if (size <= bytesMax) return
  throw new PacklineError(
    'UNPACKED_TOO_LARGE',
    `${path} has ${size} bytes; at most ${bytesMax} of such a file are read`,
  )
}
