import { posix } from 'node:path'
import { PacklineError } from '@packline/shared'
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
  throw new PacklineError(
    'UNPACKED_TOO_LARGE',
    `${path} has ${file.size} bytes; at most ${bytesMax} of such a file are read`,
  )
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
  throw new PacklineError(
    'MANIFEST_INVALID',
    `${path} is a link to ${find(path)?.linkTarget}, where the source has no file`,
    { hint: 'Put the file itself there, or what the link leads to into the source.' },
  )
}
