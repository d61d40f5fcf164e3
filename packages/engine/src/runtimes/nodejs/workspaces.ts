import { posix } from 'node:path'
import { failed } from '@packline/shared'
import { parse } from 'yaml'
import { workspaceFailures } from '../../texts/failures/workspaces.ts'
import { type Around, foldersOf, type Tree } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { type Manifest, placeInManifest } from './manifest.ts'

const FILE_BYTES_MAX = 64 * 1024 * 1024
const PNPM_FILE = 'pnpm-workspace.yaml'
/** A dependency that no member can stand for: a place, another name, an address. */
const ELSEWHERE = /^(?:file|link|portal|npm|https?|git[\w+]*|github):|^\.{0,2}\/|^[\w.-]+\//

/** A package.json that belongs to a workspace. */
export interface Workspace {
  path: string
  text: string
  manifest: Record<string, unknown>
}

/** The root's package.json first, then those of its members, by npm's, Yarn's or pnpm's lists. */
export async function readWorkspaces(tree: Tree): Promise<Workspace[]> {
  const root = await readWorkspace(tree, 'package.json')
  const patterns = [...patternsOf(root?.manifest.workspaces), ...(await pnpmPatterns(tree))]
  const members = manifestsOf(tree, patterns).map((path) => readWorkspace(tree, path))
  return [root, ...(await Promise.all(members))].filter((one) => one !== undefined)
}

/**
 * The folder of the member that the request names (build.module). ENTRY_MISSING for one that is
 * none.
 */
export async function chooseMember(tree: Tree, { request }: Order): Promise<string | undefined> {
  const { module } = request.build
  if (module === undefined) return undefined
  const folders = (await membersOf(tree)).map(({ folder }) => folder)
  if (folders.includes(module)) return module
  throw failed('ENTRY_MISSING', workspaceFailures.noMember(module, folders))
}

/**
 * Refuses a dependency that is a member of the workspace that the source is a folder of: it is not
 * in the source, and the registry may have a package of somebody else's under its name.
 */
export async function refuseMembers(
  tree: Tree,
  manifest: Manifest | undefined,
  around: Around | undefined,
): Promise<void> {
  if (!around) return
  const { dependencies, optionalDependencies } = manifest ?? {}
  const asked = new Map(Object.entries({ ...dependencies, ...optionalDependencies }))
  for (const above of ['', ...foldersOf(around.path)].reverse()) {
    const root = above === '' ? around.tree : await around.tree.below(above)
    for (const { name, folder } of await membersOf(root)) {
      const spec = asked.get(name)
      if (spec === undefined || ELSEWHERE.test(spec)) continue
      const own = posix.relative(above, around.path)
      const place = await placeInManifest(tree, ['dependencies', name])
      throw failed('MANIFEST_INVALID', workspaceFailures.sibling(place, name, folder, own))
    }
  }
}

async function membersOf(tree: Tree): Promise<{ name: string; folder: string }[]> {
  const workspaces = await readWorkspaces(tree)
  return workspaces.flatMap(({ path, manifest: { name } }) => {
    const folder = posix.dirname(path)
    return folder === '.' ? [] : [{ name: String(name ?? ''), folder }]
  })
}

function patternsOf(workspaces: unknown): string[] {
  const list = Array.isArray(workspaces) ? workspaces : record(workspaces).packages
  return [list].flat().filter((pattern) => typeof pattern === 'string')
}

async function pnpmPatterns(tree: Tree): Promise<string[]> {
  if (!tree.find(PNPM_FILE)) return []
  const text = (await tree.read(PNPM_FILE, FILE_BYTES_MAX)).toString('utf8')
  try {
    return patternsOf(parse(text))
  } catch {
    // pnpm itself says what is wrong with it.
    return []
  }
}

function manifestsOf(tree: Tree, patterns: readonly string[]): string[] {
  return tree.files.flatMap(({ path }) => {
    if (posix.basename(path) !== 'package.json' || path.includes('node_modules/')) return []
    const folder = posix.dirname(path)
    const isWanted = patterns.some((one) =>
      posix.matchesGlob(folder, posix.normalize(one).replace(/\/$/, '')),
    )
    return isWanted ? [path] : []
  })
}

/** Undefined where it is missing or no JSON, which the package manager tells itself. */
async function readWorkspace(tree: Tree, path: string): Promise<Workspace | undefined> {
  if (!tree.find(path)) return undefined
  const text = (await tree.read(path, FILE_BYTES_MAX)).toString('utf8').replace(/^\uFEFF/, '')
  try {
    return { path, text, manifest: record(JSON.parse(text)) }
  } catch {
    return undefined
  }
}

/** An object of JSON or YAML, empty for whatever else stands there. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
