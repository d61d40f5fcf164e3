import { cp, readFile, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { failed, LIMITS, type SourcePin } from '@packline/shared'
import { folderTree } from '../../folder-tree.ts'
import { IGNORE_FILE, leftOutBy } from '../../left-out.ts'
import { type MemoryFile, memoryTree } from '../../memory-tree.ts'
import { sourceFailures } from '../../texts/failures/sources.ts'
import { digestOf, foldersOf, type Tree, type TreeFile } from '../../tree.ts'
import type { Source } from '../source.ts'
import { workspaceAround } from './workspace-around.ts'

const FILES_AT_ONCE = 64

/** A folder on this machine, for the command line. It is read, never written or moved. */
export const folderSource: Source<'folder'> = {
  kind: 'folder',
  fetch: async (spec, { profile }, bench, build) => {
    const path = resolve(spec.path)
    await checkFolder(path)
    const tree = await sourceFolder(path, spec.leaveOut, build.include)
    const size = tree.files.reduce((sum, file) => sum + file.size, 0)
    checkSize(path, size, profile.limits.unpackedBytesMax)
    const small = size <= LIMITS.memoryTreeBytesMax
    const taken = small
      ? await inMemory(tree)
      : await copied(path, await bench.folder('source'), tree.files)
    const pin: SourcePin = { kind: 'folder', sha256: await digestOf(taken) }
    return { pin, tree: taken, around: () => workspaceAround(path) }
  },
}

/**
 * What a build takes of a folder, where it lies. What is left out of every source is not even
 * looked at, but for the ignore file, by which the next step decides the same again.
 */
export async function sourceFolder(
  path: string,
  leaveOut: readonly string[] = [],
  include: readonly string[] = [],
): Promise<Tree> {
  const { ofSource } = leftOutBy(await ignoreFileOf(path), { include: [...include] })
  return folderTree(path, {
    leaveOut: (inner, isFolder) => {
      if (leaveOut.includes(resolve(path, inner))) return true
      if (isFolder) return ofSource.isWholeOut(inner)
      return inner !== IGNORE_FILE && ofSource.isOut(inner)
    },
  })
}

/** Empty where there is none; what is no readable file is told by the scan of the folder. */
async function ignoreFileOf(path: string): Promise<string> {
  return readFile(join(path, IGNORE_FILE), 'utf8').catch(() => '')
}

async function checkFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return
  throw failed('SOURCE_NOT_FOUND', sourceFailures.noFolder(path, found !== undefined))
}

/** Before anything is copied. */
function checkSize(path: string, size: number, bytesMax: number): void {
  if (size <= bytesMax) return
  throw failed('UNPACKED_TOO_LARGE', sourceFailures.folderTooLarge(path, size, bytesMax))
}

async function inMemory(tree: Tree): Promise<Tree> {
  const files: MemoryFile[] = []
  // Some at once: each is an open file, of which a shell allows a thousand.
  for (let at = 0; at < tree.files.length; at += FILES_AT_ONCE) {
    const some = tree.files.slice(at, at + FILES_AT_ONCE)
    files.push(...(await Promise.all(some.map((file) => withBytes(file, tree)))))
  }
  return memoryTree(files)
}

async function withBytes(file: TreeFile, tree: Tree): Promise<MemoryFile> {
  if (file.linkTarget !== undefined) return { ...file, bytes: Buffer.alloc(0) }
  return { ...file, bytes: await tree.read(file.path, LIMITS.memoryTreeBytesMax) }
}

async function copied(path: string, target: string, files: readonly TreeFile[]): Promise<Tree> {
  const wanted = new Set(files.flatMap((file) => [file.path, ...foldersOf(file.path)]))
  const kept = (from: string) => from === path || wanted.has(relative(path, from))
  await cp(path, target, { recursive: true, verbatimSymlinks: true, filter: kept })
  return folderTree(target)
}
