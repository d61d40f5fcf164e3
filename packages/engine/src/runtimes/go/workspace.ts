import { posix } from 'node:path'
import type { Tree } from '../../tree.ts'
import { readDirectives } from './directives.ts'
import { placeOf } from './local-folders.ts'
import { type Module, nearestWith } from './module.ts'

/** Several modules that are built as one source: go.work. */
export interface Workspace {
  /** Where it lies in the tree; empty for the root. */
  folder: string
  /** As in a module. */
  go: string | undefined
  /** Whether the dependencies of all its modules stand in vendor/ beside it. */
  vendored: boolean
}

/**
 * The workspace that a module is one of. Undefined where there is none, or it names others only:
 * then the module is built by itself.
 */
export async function readWorkspace(tree: Tree, module: Module): Promise<Workspace | undefined> {
  const folder = nearestWith(tree, module.folder, 'go.work')
  if (folder === undefined) return undefined
  const path = posix.join(folder, 'go.work')
  const directives = await readDirectives(tree, path)
  const isUsed = directives.some(({ verb, words: [use = ''] }) => {
    return verb === 'use' && placeOf(path, use) === module.folder
  })
  if (!isUsed) return undefined
  const go = directives.find(({ verb }) => verb === 'go')?.words[0]
  const vendored = tree.find(posix.join(folder, 'vendor/modules.txt')) !== undefined
  return { folder, go, vendored }
}
