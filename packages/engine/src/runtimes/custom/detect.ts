import type { Tree } from '../../tree.ts'
import type { Detection } from '../runtime.ts'

/** `bootstrap` at the root: what the platform starts, so the tree is finished as it stands. */
export async function detect(tree: Tree): Promise<Detection | undefined> {
  return tree.find('bootstrap') ? { because: 'bootstrap', finished: 'bootstrap' } : undefined
}
