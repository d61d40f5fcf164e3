import { cp, stat } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { LIMITS, PacklineError, type SourcePin } from '@packline/shared'
import { folderTree } from '../../folder-tree.ts'
import { type MemoryFile, memoryTree } from '../../memory-tree.ts'
import { isLeftOut } from '../../runtimes/left-out.ts'
import { digestOf, type Tree, type TreeFile } from '../../tree.ts'
import type { Source } from '../source.ts'

const FILES_AT_ONCE = 64

/** A folder on this machine, for the command line. It is read, never written or moved. */
export const folderSource: Source<'folder'> = {
  kind: 'folder',
  fetch: async (spec, { profile }, bench) => {
    const path = resolve(spec.path)
    await checkFolder(path)
    const tree = await sourceFolder(path, spec.leaveOut)
    const size = tree.files.reduce((sum, file) => sum + file.size, 0)
    checkSize(path, size, profile.limits.unpackedBytesMax)
    const small = size <= LIMITS.memoryTreeBytesMax
    const copy = async () => copied(path, await bench.folder('source'), leavesOut(spec.leaveOut))
    const taken = small ? await inMemory(tree) : await copy()
    const pin: SourcePin = { kind: 'folder', sha256: await digestOf(taken) }
    return { pin, tree: taken }
  },
}

/** What a build takes of a folder, where it lies. */
export function sourceFolder(path: string, leaveOut: readonly string[] = []): Promise<Tree> {
  const isOut = leavesOut(leaveOut)
  return folderTree(path, { leaveOut: (inner) => isOut(inner, resolve(path, inner)) })
}

type IsOut = (inner: string, full: string) => boolean

function leavesOut(leaveOut: readonly string[] = []): IsOut {
  return (inner, full) => isLeftOut(inner) || leaveOut.includes(full)
}

async function checkFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return
  throw new PacklineError(
    'SOURCE_NOT_FOUND',
    found ? `${path} is no folder` : `There is no folder ${path}`,
    { hint: 'Name the folder that holds the code of one function.' },
  )
}

/** Before anything is copied. */
function checkSize(path: string, size: number, bytesMax: number): void {
  if (size <= bytesMax) return
  const found = `${path} holds ${size} bytes; the platform takes at most ${bytesMax} unpacked`
  throw new PacklineError('UNPACKED_TOO_LARGE', found, {
    hint: 'Leave out what the function does not need at run time.',
  })
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

async function copied(path: string, target: string, isOut: IsOut): Promise<Tree> {
  const kept = (from: string) => from === path || !isOut(relative(path, from), from)
  await cp(path, target, { recursive: true, verbatimSymlinks: true, filter: kept })
  return folderTree(target)
}
