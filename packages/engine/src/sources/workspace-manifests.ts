import { basename } from 'node:path'
import { folderTree } from '../folder-tree.ts'
import type { Tree } from '../tree.ts'

/** Files that declare JavaScript workspaces, or are of their members. */
export const MANIFESTS: readonly string[] = ['package.json', 'pnpm-workspace.yaml']
const PASSED_BY: readonly string[] = ['node_modules', '.git']

/** Those below a folder alone: a monorepo may hold more than a package may. */
export function manifestsIn(folder: string): Promise<Tree> {
  const leaveOut = (inner: string, isFolder: boolean) =>
    isFolder ? PASSED_BY.includes(basename(inner)) : !MANIFESTS.includes(basename(inner))
  return folderTree(folder, { leaveOut })
}
