import { posix } from 'node:path'
import type { Profile } from '@packline/shared'
import { memoryTree } from '../../memory-tree.ts'
import { BUILD } from '../../package.ts'
import type { Tool } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import { type Directive, readDirectives } from './directives.ts'
import type { MainPackage } from './main-package.ts'
import type { Module } from './module.ts'
import { type OperatorModule, operatorModule, replaceLine } from './operator-module.ts'
import type { Workspace } from './workspace.ts'

const MANIFEST_BYTES_MAX = 1024 * 1024

/** The platform's Go module where a function asks for it. */
export interface UsedModule {
  /** Written before the first stage: the module, and go.mod or go.work with a `replace` for it. */
  files: Readonly<Record<string, string>>
  /** What a go.mod that is written for code without one says of it. */
  lines: readonly string[]
  tool: Tool
}

/** Its files as they are written. */
export function treeOfModule({ files }: UsedModule): Tree {
  return memoryTree(
    Object.entries(files).map(([path, text]) => {
      return { path, executable: false, bytes: Buffer.from(text) }
    }),
  )
}

/** A source as the plan has read it. */
interface Source {
  main: MainPackage
  module: Module | undefined
  workspace: Workspace | undefined
}

/**
 * The platform's module is in no registry: what the operator has of it stands in for it, by
 * `replace`, unless the source does so itself or brings it in vendor/.
 */
export async function platformModule(
  tree: Tree,
  { main, module, workspace }: Source,
  profile: Profile,
): Promise<UsedModule | undefined> {
  const sdk = await operatorModule(profile)
  if (!sdk || (workspace ?? module)?.vendored) return undefined
  const manifest = module && posix.join(module.folder, 'go.mod')
  const work = workspace && posix.join(workspace.folder, 'go.work')
  const said = await directivesOf(tree, [manifest, work])
  const names = (verb: string) => said.some((one) => one.verb === verb && one.words[0] === sdk.path)
  if (names('replace') || !(names('require') || imports(main, sdk))) return undefined
  const folder = (workspace ?? module)?.folder ?? ''
  const required = names('require') ? [] : [`require ${sdk.path} v0.0.0`]
  const replaced = [replaceLine(sdk, folder)]
  const files: Record<string, string> = { ...sdk.files }
  const add = async (file: string | undefined, lines: readonly string[]) => {
    if (file === undefined || lines.length === 0) return
    const text = (await tree.read(file, MANIFEST_BYTES_MAX)).toString('utf8')
    files[`${BUILD.source}/${file}`] = `${text.trimEnd()}\n\n${lines.join('\n')}\n`
  }
  await add(manifest, work === undefined ? [...required, ...replaced] : required)
  await add(work, replaced)
  return { files, lines: [...required, ...replaced], tool: sdk.tool }
}

async function directivesOf(
  tree: Tree,
  files: readonly (string | undefined)[],
): Promise<Directive[]> {
  const read = files.map((file) => (file === undefined ? [] : readDirectives(tree, file)))
  return (await Promise.all(read)).flat()
}

function imports({ files }: MainPackage, { path }: OperatorModule): boolean {
  return files.some(({ outline }) =>
    outline.imports.some((one) => one === path || one.startsWith(`${path}/`)),
  )
}
