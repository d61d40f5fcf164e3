import { constants } from 'node:fs'
import { lstat, open, opendir, readlink, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type FailureCode, failed, LIMITS, PacklineError } from '@packline/shared'
import { treeFailures, UNREADABLE, WHOLE_FOLDER } from './texts/failures/manifest.ts'
import { sourceFailures } from './texts/failures/sources.ts'
import { filesBelow, foldersOf, sortedByPath, type Tree, type TreeFile } from './tree.ts'
import { fileToRead } from './tree-read.ts'
import { verbatim } from './words.ts'

interface ScanOptions {
  /** Paths that are not looked at; of a folder neither it nor what lies below. */
  leaveOut?: (path: string, isFolder: boolean) => boolean
  /** More files and links than this are refused; by default what a package may hold. */
  filesMax?: number
}

/** What is looked at together: handles and memory stay bounded. */
const FOLDERS_AT_ONCE = 8
const ENTRIES_AT_ONCE = 128
/** Folders count as well, or a build could make millions of empty ones. */
const ENTRIES_PER_FILE_MAX = 4

/**
 * What lies below a folder on disk; links are not followed. Throws ARCHIVE_REFUSED for special
 * files and names that no package can hold, SOURCE_NOT_ALLOWED for what can not be read,
 * UNPACKED_TOO_LARGE for too many files.
 */
export async function folderTree(folder: string, options: ScanOptions = {}): Promise<Tree> {
  return treeAt(folder, sortedByPath(await scan(folder, options)))
}

function treeAt(folder: string, files: readonly TreeFile[], removed: readonly string[] = []): Tree {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const find = (path: string) => byPath.get(path)
  return {
    files,
    find,
    read: (path, bytesMax) => {
      const file = fileToRead(find, path, bytesMax)
      return explained(path, () => readFromDisk(join(folder, file.path), file))
    },
    entry: (file, path = file.path) => ({
      ...file,
      path,
      kind: file.linkTarget === undefined ? 'file' : 'link',
      content: { path: join(folder, file.path) },
    }),
    below: async (inner) => {
      const gone = filesBelow(
        removed.map((path) => ({ path })),
        inner,
      )
      return treeAt(
        join(folder, inner),
        filesBelow(files, inner),
        gone.map(({ path }) => path),
      )
    },
    without: (paths) => {
      const kept = files.filter((file) => !paths.has(file.path))
      return treeAt(folder, kept, [...removed, ...paths])
    },
    moveTo: async (target) => {
      await remove(folder, removed, files)
      await move(folder, target)
    },
  }
}

/** With the folders that hold nothing else: an empty .git is one to some tools. */
async function remove(folder: string, paths: readonly string[], kept: readonly TreeFile[]) {
  const needed = new Set(kept.flatMap(({ path }) => foldersOf(path)))
  const gone = new Set(
    paths.map((path) => foldersOf(path).find((parent) => !needed.has(parent)) ?? path),
  )
  for (const path of gone) await rm(join(folder, path), { recursive: true, force: true })
}

async function move(folder: string, target: string): Promise<void> {
  if (folder === target) return
  // The tree may lie inside its target: aside first, then over.
  const aside = `${target}.moved`
  await rename(folder, aside)
  await rm(target, { recursive: true, force: true })
  await rename(aside, target)
}

async function readFromDisk(full: string, { size }: TreeFile): Promise<Buffer> {
  // A build may have swapped a file for a link or a pipe: neither is followed nor waited for.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(full, flags)
  try {
    const bytes = Buffer.alloc(size)
    let filled = 0
    while (filled < size) {
      const { bytesRead } = await handle.read(bytes, filled, size - filled, filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return bytes.subarray(0, filled)
  } finally {
    await handle.close()
  }
}

/** Folder by folder, a few at once; the result is in no order. */
async function scan(folder: string, options: ScanOptions): Promise<TreeFile[]> {
  const { filesMax = LIMITS.archiveEntriesMax, leaveOut } = options
  const found: TreeFile[] = []
  const folders = ['']
  const seen = { files: 0, entries: 0 }
  const take = async (path: string) => {
    const files: string[] = []
    for await (const item of await opendir(join(folder, path), { bufferSize: ENTRIES_AT_ONCE })) {
      const inner = path === '' ? item.name : `${path}/${item.name}`
      if (leaveOut?.(inner, item.isDirectory())) continue
      if (item.isDirectory()) folders.push(inner)
      else files.push(inner)
      seen.entries += 1
      if (!item.isDirectory()) seen.files += 1
      const isTooMany = seen.entries > ENTRIES_PER_FILE_MAX * filesMax
      if (isTooMany || seen.files > filesMax) throw tooMany(filesMax)
    }
    for (let at = 0; at < files.length; at += ENTRIES_AT_ONCE) {
      const some = files.slice(at, at + ENTRIES_AT_ONCE)
      found.push(...(await Promise.all(some.map((file) => scanOne(join(folder, file), file)))))
    }
  }
  while (folders.length > 0) {
    const some = folders.splice(-FOLDERS_AT_ONCE)
    await Promise.all(some.map((path) => explained(path, () => take(path))))
  }
  return found
}

function scanOne(full: string, path: string): Promise<TreeFile> {
  return explained(path, async () => {
    const stat = await lstat(full)
    if (stat.isSymbolicLink()) {
      return { path, size: 0, executable: false, linkTarget: await readlink(full) }
    }
    if (stat.isFile()) return { path, size: stat.size, executable: (stat.mode & 0o111) !== 0 }
    throw failed('ARCHIVE_REFUSED', treeFailures.unknownKind(path))
  })
}

/** What the file system says to what users and their builds can make. */
const SAID: Readonly<Record<string, readonly [FailureCode, keyof typeof UNREADABLE]>> = {
  EACCES: ['SOURCE_NOT_ALLOWED', 'notAllowed'],
  ENAMETOOLONG: ['ARCHIVE_REFUSED', 'tooDeep'],
  // Listed and yet not there: its name is no UTF-8, so that it can not be asked for.
  ENOENT: ['ARCHIVE_REFUSED', 'gone'],
  ELOOP: ['MANIFEST_INVALID', 'link'],
  ESPIPE: ['MANIFEST_INVALID', 'pipe'],
}

async function explained<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const said = error instanceof Error && 'code' in error ? SAID[String(error.code)] : undefined
    // A folder that is not there at all is its caller's to tell.
    const isRoot = path === ''
    if (!said || error instanceof PacklineError || (isRoot && said === SAID.ENOENT)) throw error
    const [code, how] = said
    const shown = path.length > 200 ? `${path.slice(0, 200)}...` : path
    const text = treeFailures.unreadable(isRoot ? WHOLE_FOLDER : verbatim(shown), UNREADABLE[how])
    throw failed(code, text, { cause: error })
  }
}

function tooMany(filesMax: number): PacklineError {
  return failed('UNPACKED_TOO_LARGE', sourceFailures.tooManyFiles(filesMax))
}
