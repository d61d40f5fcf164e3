import { parseDocument } from 'yaml'
import type { Tree } from '../../../tree.ts'
import type { Installer } from '../installer.ts'

/**
 * What tells package managers where to write, such as into what other builds take from the cache,
 * and git what to run: it takes a folder for a repository where HEAD stands in it. The settings of
 * later Yarns are written anew (berry.ts).
 */
const SETTINGS = /(?:^|\/)(?:\.npmrc|\.yarnrc|HEAD|\.git)(?:$|\/)/
const WORKSPACE = 'pnpm-workspace.yaml'
const BYTES_MAX = 64 * 1024 * 1024
/** Of pnpm's workspace: what chooses packages and names no place. */
const CHOOSING = new Set([
  'packages',
  'catalog',
  'catalogs',
  'overrides',
  'packageExtensions',
  'peerDependencyRules',
  'allowedDeprecatedVersions',
  'ignoredOptionalDependencies',
  'onlyBuiltDependencies',
  'ignoredBuiltDependencies',
  'neverBuiltDependencies',
  'allowBuilds',
  'minimumReleaseAge',
])

/**
 * Whether a source's dependencies may be installed with the tenant's cache (decision 0094): not
 * where it brings settings of its own for package managers or git, or patches, which write wherever
 * they say.
 */
export async function mayShareCache(tree: Tree, installer: Installer): Promise<boolean> {
  if (tree.files.some(({ path }) => SETTINGS.test(path))) return false
  switch (installer.name) {
    case 'pnpm':
      return !(await patches(tree, 'package.json')) && choosesOnly(tree)
    case 'berry':
      // Without a lock file nobody knows what the dependencies' own manifests ask for.
      return installer.lock === undefined ? false : !(await patches(tree, installer.lock))
    default:
      return true
  }
}

/**
 * Those that Yarn itself brings are called builtin. Letters that are escaped may spell any of it,
 * and nobody writes them so: they count.
 */
const PATCH = /patch:(?!.*builtin<)|patchedDependencies|\\(?:[uUx]|\r?$)/

async function patches(tree: Tree, path: string): Promise<boolean> {
  if (!tree.find(path)) return false
  const text = (await tree.read(path, BYTES_MAX)).toString('utf8')
  const lines = text.split('\n')
  return lines.some((line) => PATCH.test(line))
}

async function choosesOnly(tree: Tree): Promise<boolean> {
  if (!tree.find(WORKSPACE)) return true
  const { errors, contents } = parseDocument((await tree.read(WORKSPACE, BYTES_MAX)).toString())
  if (errors.length > 0) return false
  const settings: unknown = contents?.toJSON() ?? {}
  const isMapping = typeof settings === 'object' && settings !== null && !Array.isArray(settings)
  return isMapping && Object.keys(settings).every((name) => CHOOSING.has(name))
}
