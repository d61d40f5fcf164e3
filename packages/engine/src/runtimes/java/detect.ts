import { type Tree, wrappingFolder } from '../../tree.ts'
import type { Detection } from '../runtime.ts'

const JAR_AT_ROOT = /^[^/]+\.jar$/
const MANIFEST = 'META-INF/MANIFEST.MF'
const POM_BYTES_MAX = 4 * 1024 * 1024

/** A jar's content, pom.xml, jars at the root without sources, or .java files. */
export async function detect(tree: Tree): Promise<Detection | undefined> {
  if (tree.find(MANIFEST)) return { because: MANIFEST, finished: MANIFEST }
  if (tree.find('pom.xml')) {
    const declares = await declaresDependencies(tree)
    return declares
      ? { because: 'pom.xml', declares: 'dependencies in pom.xml' }
      : { because: 'pom.xml' }
  }
  const gradle = tree.files.find(({ path }) => /^build\.gradle(\.kts)?$/.test(path))
  if (gradle) return { because: gradle.path }
  const source = tree.files.find(({ path }) => path.endsWith('.java'))
  const jar = tree.files.find(({ path }) => JAR_AT_ROOT.test(path))
  if (jar && !source) return { because: jar.path, finished: 'jars at the root' }
  if (!source || isWrapped(tree)) return undefined
  return { because: source.path }
}

async function declaresDependencies(tree: Tree): Promise<boolean> {
  return (await tree.read('pom.xml', POM_BYTES_MAX)).includes('<dependency>')
}

/** Sources may lie at any depth; what tells a project's own folder is what else it holds. */
function isWrapped(tree: Tree): boolean {
  const wrapper = wrappingFolder(tree.files)
  if (wrapper === undefined) return false
  return tree.files.some(({ path }) => {
    const inner = path.slice(wrapper.length + 1)
    return /^(?:pom\.xml|build\.gradle(?:\.kts)?|packline\.ya?ml|src\/.*|META-INF\/.*)$/.test(inner)
  })
}
