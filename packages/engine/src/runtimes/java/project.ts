import { posix } from 'node:path'
import { failed, type PacklineError } from '@packline/shared'
import { javaFailures } from '../../texts/failures/java.ts'
import type { Tree } from '../../tree.ts'
import type { Order } from '../runtime.ts'

export type BuildTool = 'maven' | 'gradle' | 'javac'

/** What a tree is built with, and what of it. Folders are relative; an empty one is the root. */
export interface Project {
  tool: BuildTool
  /** Where the build tool is started. */
  root: string
  /** The file that tells, such as "pom.xml". */
  because: string
  /** The module that the request asks for, from the root. */
  module?: string
  /** The folder of the handler's source or an HTTP function's bootstrap, from the root, too. */
  entry?: string
}

/** At a project's root; the first that is there decides. */
export const MANIFESTS: readonly (readonly [name: string, tool: BuildTool])[] = [
  ['pom.xml', 'maven'],
  ['settings.gradle', 'gradle'],
  ['settings.gradle.kts', 'gradle'],
  ['build.gradle', 'gradle'],
  ['build.gradle.kts', 'gradle'],
]
const TESTS = /(?:^|\/)src\/(?:test|\w+Test|testFixtures)\//
/** Folders that build tools write; they hold copies. */
const BUILT = /(?:^|\/)(?:target|build|out|bin)\//
const EXTENSIONS = ['java', 'kt', 'groovy', 'scala']

/**
 * The build at the tree's root, else the one of the module that is asked for. MANIFEST_INVALID
 * where that has none, ENTRY_MISSING where there is no such folder.
 */
export function projectOf(tree: Tree, order: Order): Project {
  const asked = order.request.build.module
  if (asked !== undefined && !tree.files.some(({ path }) => path.startsWith(`${asked}/`))) {
    throw noModule(asked, tree)
  }
  for (const root of asked === undefined ? [''] : ['', asked]) {
    const manifest = MANIFESTS.find(([name]) => tree.find(posix.join(root, name)))
    if (!manifest) continue
    const [name, tool] = manifest
    const module = asked === undefined ? undefined : posix.relative(root, asked)
    const entry = entryOf(tree, root, order)
    return { tool, root, because: posix.join(root, name), module, entry }
  }
  if (asked === undefined) return { tool: 'javac', root: '', because: 'the sources' }
  throw failed('MANIFEST_INVALID', javaFailures.noManifest(asked))
}

const MODULES_SHOWN_MAX = 10

/** Undefined where no file or more than one could be it: then all modules are built. */
function entryOf(tree: Tree, root: string, order: Order): string | undefined {
  const wanted = entryNames(order)
  const prefix = root === '' ? '' : `${root}/`
  const found = tree.files
    .map(({ path }) => path)
    .filter((path) => path.startsWith(prefix) && !TESTS.test(path) && !BUILT.test(path))
    .filter((path) => wanted.some((name) => path === name || path.endsWith(`/${name}`)))
  const [only] = found
  return found.length === 1 && only ? posix.relative(root, posix.dirname(only)) : undefined
}

function entryNames({ request, handler }: Order): string[] {
  if (request.type === 'http') return ['bootstrap']
  if (handler?.form !== 'package.Class.method') return []
  const [outer = ''] = handler.class.split('$')
  const path = outer.replaceAll('.', '/')
  // Kotlin's functions outside of classes are in a class of their own, named after the file.
  const paths = path.endsWith('Kt') ? [path, path.slice(0, -2)] : [path]
  return paths.flatMap((one) => EXTENSIONS.map((extension) => `${one}.${extension}`))
}

function noModule(asked: string, tree: Tree): PacklineError {
  const modules = tree.files.flatMap(({ path }) => {
    const folder = posix.dirname(path)
    const isModule = MANIFESTS.some(([name]) => name === posix.basename(path))
    return isModule && folder !== '.' ? [folder] : []
  })
  const found = [...new Set(modules)].slice(0, MODULES_SHOWN_MAX)
  return failed('ENTRY_MISSING', javaFailures.noModule(asked, found))
}
