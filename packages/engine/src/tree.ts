import { createHash, type Hash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import type { PackageEntry } from '@packline/archive'

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
  /** The whole file; UNPACKED_TOO_LARGE above the limit, MANIFEST_INVALID for a link. */
  read(path: string, bytesMax: number): Promise<Buffer>
  /** As a package entry, under another path where one is given. */
  entry(file: TreeFile, path?: string): PackageEntry
  /** What lies below one of its folders. */
  below(folder: string): Promise<Tree>
  /** All but these paths, which a disk tree loses for good when it is moved. */
  without(paths: ReadonlySet<string>): Tree
  /**
   * Puts the files at a folder of the build's scratch: memory is written, a disk tree is moved and
   * is of no use any more.
   */
  moveTo(folder: string): Promise<void>
}

/** What a source is a folder of: a tree in which at least the manifests are, and where it lies. */
export interface Around {
  tree: Tree
  path: string
}

/** The one folder that everything lies in, but for what systems put beside it; or undefined. */
export function wrappingFolder(files: readonly { path: string }[]): string | undefined {
  const [first, ...others] = files.map(({ path }) => path).filter((path) => !OF_SYSTEM.test(path))
  const slash = first?.indexOf('/') ?? -1
  if (first === undefined || slash < 0) return undefined
  const prefix = first.slice(0, slash + 1)
  return others.every((path) => path.startsWith(prefix)) ? first.slice(0, slash) : undefined
}

/** What macOS and Windows put beside a folder that somebody zips. */
const OF_SYSTEM = /^(?:__MACOSX\/|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$)/

/** sha256 over names, modes and contents: pins a source that has no archive or commit. */
export async function digestOf(tree: Tree): Promise<string> {
  const hash = createHash('sha256')
  for (const file of tree.files) {
    const mode = file.executable ? 'x' : '-'
    hash.update(`${file.path}\0${mode}\0${file.linkTarget ?? ''}\0${file.size}\0`)
    if (file.linkTarget === undefined) await addContent(hash, tree.entry(file))
  }
  return hash.digest('hex')
}

async function addContent(hash: Hash, { content }: PackageEntry): Promise<void> {
  if (Buffer.isBuffer(content)) {
    hash.update(content)
    return
  }
  // In pieces, as a file may be larger than memory; never through a link.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW
  const stream =
    'path' in content
      ? createReadStream(content.path, { flags: flags as unknown as string })
      : await content.open()
  for await (const chunk of stream) hash.update(chunk)
}

/** By code unit, so that every worker sees the same order. */
export function sortedByPath<T extends { path: string }>(files: readonly T[]): T[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

/** The folders that a path lies in, from the outermost on: "a", "a/b" for "a/b/c". */
export function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** The files below a folder, with their paths from there. */
export function filesBelow<T extends { path: string }>(files: readonly T[], folder: string): T[] {
  const prefix = `${folder}/`
  return files
    .filter((file) => file.path.startsWith(prefix))
    .map((file) => ({ ...file, path: file.path.slice(prefix.length) }))
}
