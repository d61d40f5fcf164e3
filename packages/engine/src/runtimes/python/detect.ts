import type { Tree } from '../../tree.ts'
import type { Detection } from '../runtime.ts'
import { askingManifest, MANIFESTS } from './manifest.ts'

const CODE = /^[^/]+\.py$/
/** What installing leaves at the root: a wheel's own notes, or a native module. */
const INSTALLED = /^([^/]+\.dist-info)\/|^([^/]+\.so(?:\.\d+)*)$/

/**
 * A manifest, else Python at the root; installed dependencies beside it say that it is finished.
 */
export async function detect(tree: Tree): Promise<Detection | undefined> {
  const manifest = MANIFESTS.find((path) => tree.find(path))
  const because = manifest ?? tree.files.find((file) => CODE.test(file.path))?.path
  if (because === undefined) return undefined
  const finished = firstInstalled(tree)
  const declares = manifest !== undefined && (await declaresDependencies(tree))
  return {
    because,
    ...(finished === undefined ? {} : { finished }),
    ...(declares ? { declares: `dependencies in ${manifest}` } : {}),
  }
}

function firstInstalled(tree: Tree): string | undefined {
  for (const { path } of tree.files) {
    const match = INSTALLED.exec(path)
    if (match) return match[1] ?? match[2]
  }
  return undefined
}

/**
 * A manifest that can not be read counts as one that declares: the plan then says what is wrong.
 */
async function declaresDependencies(tree: Tree): Promise<boolean> {
  try {
    return (await askingManifest(tree)) !== undefined
  } catch {
    // The reason is told by the plan, which reads it again.
    return true
  }
}
