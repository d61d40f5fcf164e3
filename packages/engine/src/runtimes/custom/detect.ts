import type { Tree } from '../../tree.ts'
import type { Detection } from '../runtime.ts'
import { isForPacking } from './makefile.ts'

const MAKEFILE_BYTES_MAX = 1024 * 1024

/**
 * `bootstrap` at the root: what the platform starts, so the tree is finished as it stands. Else a
 * Makefile that makes a package; many others are of projects in other languages.
 */
export async function detect(tree: Tree): Promise<Detection | undefined> {
  if (tree.find('bootstrap')) return { because: 'bootstrap', finished: 'bootstrap' }
  const makefile = tree.find('Makefile')
  if (!makefile || makefile.linkTarget !== undefined || makefile.size > MAKEFILE_BYTES_MAX) {
    return undefined
  }
  const text = (await tree.read('Makefile', MAKEFILE_BYTES_MAX)).toString('utf8')
  return isForPacking(text) ? { because: 'Makefile', declares: 'Makefile' } : undefined
}
