import type { PackageEntry } from '@packline/archive'
import type { Made } from '../../package.ts'
import type { Tree, TreeFile } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { collectBundle } from './collect/collect-bundle.ts'
import { installedOnly } from './collect/installed-only.ts'
import { memberOnly } from './collect/member-only.ts'
import { type Placed, realFolders } from './collect/real-folders.ts'

const INSTALLED = /^node_modules\//
/** Package managers' own notes differ from one install to the next and no code reads them. */
const NOTE =
  /(^|\/)node_modules\/(\.package-lock\.json|\.yarn-integrity|\.yarn-state\.yml|\.package-map\.json|\.modules\.yaml|\.pnpm-workspace-state[\w-]*\.json|\.pnpm\/.*)$/
/** May hold a token. */
const SECRET = /(^|\/)\.(npmrc|yarnrc|yarnrc\.yml)$/
/** Yarn's caches, programs and plugins, Plug'n'Play, and pnpm's store. */
const OWN = /^(\.yarn|\.pnpm-store)\/|^\.pnp\.(c?js|loader\.mjs)$/

/**
 * The source as it stands with what was installed, links to folders in node_modules made real; or
 * the bundle with what stayed outside of it; of a workspace the member that the request names.
 * Settings of package managers never ship.
 */
export async function collect(source: Tree, output: Tree, order: Order): Promise<Made> {
  const { bundle, module } = order.request.build
  const placed = realFolders(source.files.filter(isShipped))
  const { entries, sourceMap, bundled } = bundle
    ? await collectBundle(placed, source, output, module)
    : { entries: await entriesOf(placed, source, order) }
  return {
    format: 'zip',
    sourceMap,
    bundled,
    installed: new Set(entries.map(({ path }) => path).filter((path) => INSTALLED.test(path))),
    entries: entries.map((entry) => startable(entry, order)),
  }
}

async function entriesOf(
  placed: readonly Placed[],
  source: Tree,
  order: Order,
): Promise<PackageEntry[]> {
  const { module } = order.request.build
  const installed = await installedOnly(placed, source, order)
  const kept = module === undefined ? installed : await memberOnly(installed, source, module)
  return kept.map(({ file, path }) => source.entry(file, path))
}

function isShipped({ path }: TreeFile): boolean {
  return !NOTE.test(path) && !SECRET.test(path) && !OWN.test(path)
}

function startable(entry: PackageEntry, { request }: Order): PackageEntry {
  const isStarted = request.type === 'http' && entry.path === 'bootstrap'
  return isStarted ? { ...entry, executable: true } : entry
}
