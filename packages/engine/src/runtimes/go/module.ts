import { posix } from 'node:path'
import type { BuildRequest } from '@packline/shared'
import type { Tree } from '../../tree.ts'
import { readDirectives } from './directives.ts'

/** What go.mod says, as far as the plan needs it; the go command itself reads the rest. */
export interface Module {
  /** Where it lies in the tree; empty for the root. */
  folder: string
  path: string | undefined
  /** The Go release that the `go` line asks for at least, such as "1.22" or "1.26.3". */
  go: string | undefined
  requires: boolean
  /** Whether the sums of its dependencies are there, so that the same ones come every time. */
  locked: boolean
  /** Whether its dependencies stand in vendor/. */
  vendored: boolean
}

/** The module that a folder belongs to, by the nearest go.mod above; undefined: there is none. */
export async function readModule(tree: Tree, below = ''): Promise<Module | undefined> {
  const folder = nearestWith(tree, below, 'go.mod')
  if (folder === undefined) return undefined
  const directives = await readDirectives(tree, posix.join(folder, 'go.mod'))
  const first = (verb: string) => directives.find((one) => one.verb === verb)?.words[0]
  const has = (file: string) => tree.find(posix.join(folder, file)) !== undefined
  return {
    folder,
    path: first('module'),
    go: first('go'),
    requires: first('require') !== undefined,
    locked: has('go.sum'),
    vendored: has('vendor/modules.txt'),
  }
}

/** The folder itself or the first above it that has the file. */
export function nearestWith(tree: Tree, folder: string, file: string): string | undefined {
  if (tree.find(posix.join(folder, file))) return folder
  if (folder === '') return undefined
  return nearestWith(tree, folder.includes('/') ? posix.dirname(folder) : '', file)
}

/** Whose files come along: the module's that the request names, else the whole source's. */
export function packedFolder(tree: Tree, { build }: Pick<BuildRequest, 'build'>): string {
  return build.module === undefined ? '' : (nearestWith(tree, build.module, 'go.mod') ?? '')
}

/** What `go build` would call the executable: the path's last part, without a major version. */
export function nameOfModule(path: string): string {
  const parts = path.split('/').filter((part) => part !== '')
  const last = parts.at(-1) ?? 'main'
  const unversioned = /^v[0-9]+$/.test(last) && parts.length > 1 ? (parts.at(-2) ?? last) : last
  return unversioned.replace(/\.v[0-9]+$/, '')
}
