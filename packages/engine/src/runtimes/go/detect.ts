import type { Tree, TreeFile } from '../../tree.ts'
import type { Detection } from '../runtime.ts'
import { readModule } from './module.ts'

/**
 * go.mod, go.work, else Go code at the root. Without any it is a finished package when a plugin or
 * an executable stands there: a name with a second dot is another language's library, and beside
 * bootstrap it is a custom runtime's program.
 */
export async function detect(tree: Tree): Promise<Detection | undefined> {
  const module = await readModule(tree)
  const root = tree.files.filter((file) => !file.path.includes('/'))
  const code = root.find((file) => file.path.endsWith('.go'))
  const plugin = root.find((file) => /^[^.]+\.so$/.test(file.path))
  const manifest = ['go.mod', 'go.work'].find((file) => tree.find(file) !== undefined)
  const because = manifest ?? code?.path
  if (because !== undefined) {
    return {
      because,
      ...(plugin ? { finished: plugin.path } : {}),
      ...(module?.requires ? { declares: 'require in go.mod' } : {}),
    }
  }
  const finished = plugin ?? root.find(isProgram)
  if (!finished || root.some((file) => OTHERS.test(file.path))) return undefined
  return { because: finished.path, finished: finished.path }
}

const OTHERS = /^bootstrap$|\.(py|js|mjs|cjs|java|jar|class)$/

function isProgram(file: TreeFile): boolean {
  return file.executable && file.linkTarget === undefined && /^[^.]+$/.test(file.path)
}
