import { posix } from 'node:path'
import { failed, type PacklineError } from '@packline/shared'
import { javaFailures } from '../../texts/failures/java.ts'
import type { Tree, TreeFile } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { type BuiltLibrary, type BuiltModule, collectBuilt } from './collect-built.ts'
import { LIBRARIES } from './maven.ts'
import type { Parts } from './parts.ts'
import { moduleOf, readPoms } from './poms.ts'
import type { Project } from './project.ts'

const TARGET = /^(?:.+\/)?target$/
const SIDE_PRODUCT = /^original-|-(?:sources|javadoc|tests|test-sources)\.jar$/

/** The jar of the module that was asked for, else the one that holds the handler's class. */
export async function collectMaven(tree: Tree, project: Project, order: Order): Promise<Parts> {
  const module = moduleOf(project, await readPoms(tree, project.root))
  const all = builtModules(tree)
  const target = posix.join(project.root, module ?? project.module ?? '', 'target')
  const isAsked = module !== undefined || project.module !== undefined
  const [first, ...more] = isAsked ? all.filter(({ jar }) => isIn(jar, target)) : all
  if (!first) throw noJar(tree)
  return collectBuilt([first, ...more], tree, order)
}

function isIn({ path }: TreeFile, folder: string): boolean {
  return posix.dirname(path) === folder
}

function builtModules(tree: Tree): BuiltModule[] {
  const paths = new Set(tree.files.map(({ path }) => path))
  const jars = tree.files.filter(({ path }) => {
    const name = posix.basename(path)
    return TARGET.test(posix.dirname(path)) && name.endsWith('.jar') && !SIDE_PRODUCT.test(name)
  })
  const ours = new Map(jars.map(({ path, size }) => [posix.basename(path), size]))
  return jars.map((jar) => {
    const [folder, name] = [posix.dirname(jar.path), posix.basename(jar.path)]
    const isWhole =
      /-(?:jar-with-dependencies|shaded)\.jar$/.test(name) ||
      paths.has(`${folder}/original-${name}`)
    return { jar, isWhole, libraries: librariesOf(folder, ours, tree) }
  })
}

/** They lie as in a repository: group, artifact, version. */
function librariesOf(
  folder: string,
  ours: ReadonlyMap<string, number>,
  tree: Tree,
): BuiltLibrary[] {
  const prefix = `${folder}/${LIBRARIES}/`
  const files = tree.files.filter(({ path }) => path.startsWith(prefix) && path.endsWith('.jar'))
  return files.map((file) => {
    const group = file.path.slice(prefix.length).split('/').slice(0, -3).join('.')
    return { file, group, isOurs: ours.get(posix.basename(file.path)) === file.size }
  })
}

function noJar(tree: Tree): PacklineError {
  const war = tree.files.find(({ path }) => /(?:^|\/)target\/[^/]+\.war$/.test(path))
  return failed('COMPILE_FAILED', javaFailures.noMavenJar(war?.path))
}
