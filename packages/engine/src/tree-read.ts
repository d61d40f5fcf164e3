import { posix } from 'node:path'
import { failed } from '@packline/shared'
import { treeFailures } from './texts/failures/manifest.ts'
import type { Tree, TreeFile } from './tree.ts'

/** As many as Linux follows on one path (path_resolution(7)). */
const HOPS_MAX = 40

/**
 * The file that is read for a path: through links, as long as they lead to files of the tree.
 * UNPACKED_TOO_LARGE where the reader could not hold it, MANIFEST_INVALID where one leads nowhere.
 */
export function fileToRead(find: Tree['find'], path: string, bytesMax: number): TreeFile {
  const file = follow(find, path)
  if (file.size <= bytesMax) return file
  throw failed('UNPACKED_TOO_LARGE', treeFailures.tooLarge(path, file.size, bytesMax))
}

function follow(find: Tree['find'], path: string): TreeFile {
  let at = path
  for (let hop = 0; hop <= HOPS_MAX; hop += 1) {
    const file = find(at)
    if (!file && hop === 0) throw new Error(`no file ${path} in the tree`)
    if (!file) break
    if (file.linkTarget === undefined) return file
    at = posix.join(posix.dirname(at), file.linkTarget)
  }
  throw failed('MANIFEST_INVALID', treeFailures.deadLink(path, find(path)?.linkTarget))
}
