import { cp, stat } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { LIMITS, PacklineError, type SourcePin } from '@packline/shared'
import { folderTree } from '../../folder-tree.ts'
import { memoryTree } from '../../memory-tree.ts'
import { isLeftOut } from '../../runtimes/left-out.ts'
import { digestOf, type Tree } from '../../tree.ts'
import type { Source } from '../source.ts'

/** A folder on this machine, for the command line. It is read, never written or moved. */
export const folderSource: Source<'folder'> = {
  kind: 'folder',
  fetch: async (spec, _context, bench) => {
    const path = resolve(spec.path)
    await checkFolder(path)
    const tree = await sourceFolder(path, spec.leaveOut)
    const size = tree.files.reduce((sum, file) => sum + file.size, 0)
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

async function inMemory(tree: Tree): Promise<Tree> {
  const files = tree.files.map(async (file) => {
    const link = file.linkTarget !== undefined
    const bytes = link ? Buffer.alloc(0) : await tree.read(file.path, LIMITS.memoryTreeBytesMax)
    return { ...file, bytes }
  })
  return memoryTree(await Promise.all(files))
}

async function copied(path: string, target: string, isOut: IsOut): Promise<Tree> {
  const kept = (from: string) => from === path || !isOut(relative(path, from), from)
  await cp(path, target, { recursive: true, verbatimSymlinks: true, filter: kept })
  return folderTree(target)
}
