import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ToolResult } from '../../process/command.ts'
import { foldersOf } from '../../tree.ts'
import { MANIFESTS } from '../workspace-manifests.ts'
import { type GitOptions, type GitWork, runGit } from './run-git.ts'

export const ATTRIBUTES = '.gitattributes'
export const SUBMODULES = '.gitmodules'

/**
 * Puts a commit's files into the build's source folder: all, or those that lie at `path`. git gets
 * all that are not there yet at once.
 */
export async function checkOut(
  work: GitWork,
  commit: string,
  path: string | undefined,
): Promise<ToolResult> {
  const more = path === undefined ? {} : await onlyAt(path, work)
  const network = work.isPartial ? 'source-host' : 'none'
  return runGit(work, ['checkout', '-q', '--force', '--detach', commit], network, more)
}

/**
 * With the attributes of the folders that it lies in, which say how lines of its files end, and
 * all manifests of workspaces that it may be a member of. Of these patterns the last one holds.
 */
async function onlyAt(path: string, { bench }: GitWork): Promise<GitOptions> {
  const folders = ['', ...foldersOf(path).map((folder) => `/${folder}`)]
  const attributes = folders.map((folder) => `${folder}/${ATTRIBUTES}`)
  const named = [`/${SUBMODULES}`, ...attributes].map(literal)
  const around = [...MANIFESTS, '!**/node_modules/**']
  const patterns = [...around, ...named, literal(`/${path}`), `${literal(`/${path}`)}/**`]
  const file = join(await bench.folder('git/info'), 'sparse-checkout')
  await writeFile(file, patterns.map((one) => `${one}\n`).join(''))
  return { settings: ['core.sparseCheckout=true', 'core.sparseCheckoutCone=false'] }
}

/** As .gitignore writes a path that is no pattern, and that may end in a space. */
function literal(path: string): string {
  return path.replace(/[*?[\] ]/g, '\\$&')
}
