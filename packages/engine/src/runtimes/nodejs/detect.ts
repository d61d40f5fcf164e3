import type { Tree } from '../../tree.ts'
import type { Detection } from '../runtime.ts'
import { declaresDependencies, readManifest } from './manifest.ts'

const CODE = /^[^/]+\.[mc]?[jt]s$/

/** package.json, else code at the root; node_modules says that it was installed already. */
export async function detect(tree: Tree): Promise<Detection | undefined> {
  const manifest = tree.find('package.json')
  const code = tree.files.find((file) => CODE.test(file.path))
  const because = manifest?.path ?? code?.path
  if (because === undefined) return undefined
  const installed = tree.files.some((file) => file.path.startsWith('node_modules/'))
  const declares = manifest !== undefined && (await declaresAny(tree))
  return {
    because,
    ...(installed ? { finished: 'node_modules' } : {}),
    ...(declares ? { declares: 'dependencies in package.json' } : {}),
  }
}

/** A manifest that does not parse counts as one that declares: the plan then says what is wrong. */
async function declaresAny(tree: Tree): Promise<boolean> {
  const manifest = await readManifest(tree).catch(() => undefined)
  return manifest === undefined || declaresDependencies(manifest)
}
