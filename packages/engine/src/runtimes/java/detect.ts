import { type Tree, wrappingFolder } from '../../tree.ts'
import type { Detection } from '../runtime.ts'
import { MANIFESTS } from './project.ts'

const JAR_AT_ROOT = /^[^/]+\.jar$/
const JAR_MANIFEST = 'META-INF/MANIFEST.MF'
const MANIFEST_BYTES_MAX = 4 * 1024 * 1024
const DEPENDENCIES = { maven: /<dependency>/, gradle: /\bdependencies\s*\{/, javac: /$^/ }

/** A jar's content, a build tool's file, jars at the root without sources, or .java files. */
export async function detect(tree: Tree): Promise<Detection | undefined> {
  if (tree.find(JAR_MANIFEST)) return { because: JAR_MANIFEST, finished: JAR_MANIFEST }
  const manifests = MANIFESTS.filter(([name]) => tree.find(name))
  const [first] = manifests
  if (first) {
    const because = first[0]
    for (const [name, tool] of manifests) {
      const text = (await tree.read(name, MANIFEST_BYTES_MAX)).toString('utf8')
      if (DEPENDENCIES[tool].test(text)) return { because, declares: `dependencies in ${name}` }
    }
    return { because }
  }
  const source = tree.files.find(({ path }) => path.endsWith('.java'))
  const jar = tree.files.find(({ path }) => JAR_AT_ROOT.test(path))
  if (jar && !source) return { because: jar.path, finished: 'jars at the root' }
  if (!source || isWrapped(tree)) return undefined
  return { because: source.path }
}

/** Sources may lie at any depth; what tells a project's own folder is what else it holds. */
function isWrapped(tree: Tree): boolean {
  const wrapper = wrappingFolder(tree.files)
  if (wrapper === undefined) return false
  return tree.files.some(({ path }) => {
    const inner = path.slice(wrapper.length + 1)
    const isManifest = MANIFESTS.some(([name]) => name === inner)
    return isManifest || /^(?:packline\.ya?ml|src\/.*|META-INF\/.*)$/.test(inner)
  })
}
