import { posix } from 'node:path'
import { failed } from '@packline/shared'
import { javaFailures } from '../../texts/failures/java.ts'
import type { Tree } from '../../tree.ts'
import type { Project } from './project.ts'

const POM_BYTES_MAX = 4 * 1024 * 1024
const POM = 'pom.xml'
/** More is no project, but poms that name each other. */
const MODULES_MAX = 1000
const ASKING = /<(dependency|plugin|extension|parent)>([\s\S]*?)<\/\1>/g
/** A plugin's, where the pom says nothing. */
const PLUGINS_GROUP = 'org.apache.maven.plugins'

/** Every pom below a folder, its comments empty but for their lines: path -> text. */
export async function readPoms(tree: Tree, root: string): Promise<ReadonlyMap<string, string>> {
  const prefix = root === '' ? '' : `${root}/`
  const files = tree.files.filter(
    ({ path, linkTarget }) =>
      path.startsWith(prefix) && posix.basename(path) === POM && linkTarget === undefined,
  )
  const texts = await Promise.all(
    files.map(async ({ path }) => {
      const text = (await tree.read(path, POM_BYTES_MAX)).toString('utf8')
      return [
        path,
        text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]+/g, '')),
      ] as const
    }),
  )
  return new Map(texts)
}

/** Where a pom asks for each library, plugin and parent, "group:name". */
export function placesAsked(poms: ReadonlyMap<string, string>): Record<string, string> {
  const places: Record<string, string> = {}
  for (const [path, text] of poms) {
    for (const { 2: block = '', index } of text.matchAll(ASKING)) {
      const group = /<groupId>\s*([^<\s]+)/.exec(block)?.[1] ?? PLUGINS_GROUP
      const name = /<artifactId>\s*([^<\s]+)/.exec(block)
      if (!name) continue
      const before = text.slice(0, index + text.slice(index).indexOf(name[0]))
      places[`${group}:${name[1]}`] ??= `${path}:${before.split('\n').length}`
    }
  }
  return places
}

/**
 * The module to build, from the project's root: the one that is asked for, else the one that holds
 * the function's source. Undefined: all of them. MANIFEST_INVALID where the one asked for is none.
 */
export function moduleOf(project: Project, poms: ReadonlyMap<string, string>): string | undefined {
  const { root, module, entry } = project
  const isModule = (folder: string) => poms.has(posix.join(root, folder, POM))
  if (module !== undefined && module !== '') {
    if (isModule(module)) return module
    throw failed('MANIFEST_INVALID', javaFailures.noPom(module))
  }
  if (module !== undefined || entry === undefined) return undefined
  let folder = entry
  while (folder !== '' && folder !== '.' && !isModule(folder)) folder = posix.dirname(folder)
  // What the root's pom does not lead to is a project of its own, which Maven would not find.
  return reactorOf(root, poms).has(folder) ? folder : undefined
}

/** The modules that the root's pom names, and those that these name; without the root itself. */
function reactorOf(root: string, poms: ReadonlyMap<string, string>): ReadonlySet<string> {
  const found = new Set<string>()
  const waiting = ['']
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const text = poms.get(posix.join(root, at, POM)) ?? ''
    for (const [, name = ''] of text.matchAll(/<module>\s*([^<]+?)\s*<\/module>/g)) {
      const folder = posix.join(at, name.replace(/\/pom\.xml$/, ''))
      if (found.has(folder) || found.size >= MODULES_MAX) continue
      found.add(folder)
      waiting.push(folder)
    }
  }
  return found
}
