import { readFile, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { PacklineError } from '@packline/shared'
import type { Around } from '../../tree.ts'
import { manifestsIn } from '../workspace-manifests.ts'

/**
 * The nearest folder above, in the same repository, that declares workspaces of JavaScript, with
 * its manifests alone.
 */
export async function workspaceAround(path: string): Promise<Around | undefined> {
  const root = await rootAbove(path)
  if (root === undefined) return undefined
  try {
    return { tree: await manifestsIn(root), path: relative(root, path) }
  } catch (error) {
    // What may not be read around a function is no fault of the function's.
    if (error instanceof PacklineError) return undefined
    throw error
  }
}

async function rootAbove(path: string): Promise<string | undefined> {
  const above = dirname(path)
  if (above === path || (await isThere(join(path, '.git')))) return undefined
  const manifest = await readFile(join(above, 'package.json'), 'utf8').catch(() => '')
  const declares =
    manifest.includes('"workspaces"') || (await isThere(join(above, 'pnpm-workspace.yaml')))
  return declares ? above : rootAbove(above)
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
