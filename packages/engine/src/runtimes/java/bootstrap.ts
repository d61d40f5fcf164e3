import { posix } from 'node:path'
import { failed } from '@packline/shared'
import { javaFailures } from '../../texts/failures/java.ts'
import type { Tree, TreeFile } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import type { Project } from './project.ts'

const BOOTSTRAP = 'bootstrap'

/** What starts an HTTP function: at the source's root, else in the module that is built. */
export function bootstrapOf(tree: Tree, project: Project, order: Order): TreeFile | undefined {
  if (order.request.type !== 'http') return undefined
  const { root, module, entry } = project
  const folders = ['', module, entry].filter((folder) => folder !== undefined)
  const places = [BOOTSTRAP, ...folders.map((folder) => posix.join(root, folder, BOOTSTRAP))]
  for (const place of places) {
    const file = tree.find(place)
    if (file) return file
  }
  return undefined
}

/**
 * Before minutes of building: ENTRY_MISSING with what to write, where an HTTP function's source has
 * no bootstrap.
 */
export function requireBootstrap(tree: Tree, project: Project, order: Order): void {
  if (order.request.type !== 'http' || bootstrapOf(tree, project, order)) return
  const { profile, request } = order
  const home = profile.runtimes.java?.home?.replaceAll('{version}', request.version)
  const java = home === undefined ? 'java' : `${home}/bin/java`
  const spring = `exec ${java} -jar ${profile.codeRoot}/*.jar --server.port=${profile.httpPort}`
  const other = `exec ${java} -cp '${profile.codeRoot}/*' com.example.Main`
  const isInModule = project.tool !== 'javac'
  const { httpPort } = profile
  throw failed('ENTRY_MISSING', javaFailures.noBootstrap(httpPort, spring, other, isInModule))
}
