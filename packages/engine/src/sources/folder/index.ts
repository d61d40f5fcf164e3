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
    const tree = await folderTree(path, { leaveOut: isLeftOut })
    const size = tree.files.reduce((sum, file) => sum + file.size, 0)
    const small = size <= LIMITS.memoryTreeBytesMax
    const taken = small ? await inMemory(tree) : await copied(path, await bench.folder('source'))
    const pin: SourcePin = { kind: 'folder', sha256: await digestOf(taken) }
    return { pin, tree: taken }
  },
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

async function copied(path: string, target: string): Promise<Tree> {
  const kept = (from: string) => from === path || !isLeftOut(relative(path, from))
  await cp(path, target, { recursive: true, verbatimSymlinks: true, filter: kept })
  return folderTree(target)
}
