import { posix } from 'node:path'
import { failed } from '@packline/shared'
import { javaFailures } from '../../texts/failures/java.ts'
import type { Tree, TreeFile } from '../../tree.ts'

/** A project without a build tool: what is compiled, what it is compiled with, what goes along. */
export interface PlainSources {
  /** The .java files, tests left out. */
  sources: readonly TreeFile[]
  /** The jars that stand in the tree, wherever; they ship at the package's root. */
  libraries: readonly TreeFile[]
}

const TESTS = /^(?:src\/)?tests?\//
/** Tools' own jars, and what another build of this tree left. */
const TOOL_FOLDERS = /^(?:\.mvn|gradle|target|build|out|bin)\//

export function plainSources(tree: Tree): PlainSources {
  const files = tree.files.filter(
    ({ path, linkTarget }) =>
      linkTarget === undefined && !TESTS.test(path) && !TOOL_FOLDERS.test(path),
  )
  return {
    sources: files.filter(({ path }) => path.endsWith('.java') && !isModuleInfo(path)),
    libraries: uniqueByName(files.filter(({ path }) => path.endsWith('.jar'))),
  }
}

/** The platform puts jars on the class path, where a module's declaration says nothing. */
function isModuleInfo(path: string): boolean {
  return posix.basename(path) === 'module-info.java'
}

function uniqueByName(libraries: readonly TreeFile[]): readonly TreeFile[] {
  const byName = new Map<string, string>()
  for (const { path } of libraries) {
    const name = posix.basename(path)
    const other = byName.get(name)
    if (other !== undefined) {
      throw failed('INSTALL_FAILED', javaFailures.sameName(name, other, path))
    }
    byName.set(name, path)
  }
  return libraries
}

const SOURCE_BYTES_MAX = 4 * 1024 * 1024
const RESOURCES = 'src/main/resources'
/** Files of a project's root that no code reads: dot files, build files, texts for people. */
const NO_RESOURCE =
  /^(?:\.|packline\.ya?ml$|pom\.xml$|build\.gradle|README|LICENSE|NOTICE|Makefile$|bootstrap$)/i

/** A file that goes into the function's jar under `path`. */
export interface Resource {
  file: TreeFile
  path: string
}

/** What stands beside the sources and is no source: on the class path under the same name. */
export async function resourcesOf(tree: Tree): Promise<Resource[]> {
  const { sources, libraries } = plainSources(tree)
  const roots = await sourceRoots(tree, sources)
  // The longest root first: in src/main/resources inside a root, that one counts.
  const sorted = [RESOURCES, ...roots].sort((a, b) => b.length - a.length)
  const taken = new Set([...sources, ...libraries])
  return tree.files.flatMap((file): Resource[] => {
    const root = sorted.find((one) => one === '' || file.path.startsWith(`${one}/`))
    if (root === undefined || taken.has(file) || isNoResource(file, root)) return []
    return [{ file, path: root === '' ? file.path : file.path.slice(root.length + 1) }]
  })
}

function isNoResource({ path, linkTarget }: TreeFile, root: string): boolean {
  if (linkTarget !== undefined || path.endsWith('.java')) return true
  if (TESTS.test(path) || TOOL_FOLDERS.test(path)) return true
  // At the root, the folders of another layout are not resources either.
  return root === '' && (NO_RESOURCE.test(path) || path.startsWith('src/'))
}

/** Where package names count from: src/main/java for src/main/java/com/example/A.java. */
async function sourceRoots(tree: Tree, sources: readonly TreeFile[]): Promise<string[]> {
  const roots = new Set<string>()
  for (const { path } of sources) {
    const text = (await tree.read(path, SOURCE_BYTES_MAX)).toString('utf8')
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path)
    const inside = packageOf(text).replaceAll('.', '/')
    if (inside === '') roots.add(folder)
    else if (folder === inside) roots.add('')
    else if (folder.endsWith(`/${inside}`)) roots.add(folder.slice(0, -inside.length - 1))
  }
  return [...roots]
}

/** The name after the first `package` that no comment holds; empty where there is none. */
function packageOf(text: string): string {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
  return /^[\s\uFEFF]*(?:@[^\n]*\n\s*)*package\s+([\p{L}\p{N}_$.]+)\s*;/u.exec(code)?.[1] ?? ''
}
