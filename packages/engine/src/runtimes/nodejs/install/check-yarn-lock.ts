import { posix } from 'node:path'
import { PacklineError } from '@packline/shared'
import type { Tree } from '../../../tree.ts'
import { placeInText } from '../manifest.ts'

const FILE_BYTES_MAX = 64 * 1024 * 1024
const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const
/** What a lock file has no entry for: it lies in the source. */
const LOCAL = /^(?:file|link|workspace|portal):|^\.{0,2}\//

interface Workspace {
  path: string
  text: string
  manifest: Record<string, unknown>
}

/**
 * Yarn 1 takes a frozen lock file that lacks what a workspace asks for, and resolves that anew; of
 * the root's it does not say what is missing. Throws INSTALL_FAILED with the place.
 */
export async function checkYarnLock(tree: Tree): Promise<void> {
  const root = await readWorkspace(tree, 'package.json')
  if (!root || !tree.find('yarn.lock')) return
  const workspaces = [root]
  for (const path of manifestsOf(tree, patternsOf(root.manifest.workspaces))) {
    const found = await readWorkspace(tree, path)
    if (found) workspaces.push(found)
  }
  const names = new Set(workspaces.map(({ manifest }) => manifest.name))
  const resolutions = Object.keys(record(root.manifest.resolutions))
  const locked = keysOf((await tree.read('yarn.lock', FILE_BYTES_MAX)).toString('utf8'))
  for (const { path, text, manifest } of workspaces) {
    for (const field of FIELDS) {
      for (const [name, spec] of Object.entries(record(manifest[field]))) {
        const isOwn = typeof spec !== 'string' || LOCAL.test(spec) || names.has(name)
        if (isOwn || resolutions.some((one) => one.endsWith(name))) continue
        if (!locked.has(`${name}@${spec}`)) throw notLocked(path, text, [field, name], String(spec))
      }
    }
  }
}

function patternsOf(workspaces: unknown): string[] {
  const list = Array.isArray(workspaces) ? workspaces : record(workspaces).packages
  return [list].flat().filter((pattern) => typeof pattern === 'string')
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

/** Undefined where it is missing or no JSON, which Yarn tells itself. */
async function readWorkspace(tree: Tree, path: string): Promise<Workspace | undefined> {
  if (!tree.find(path)) return undefined
  const text = (await tree.read(path, FILE_BYTES_MAX)).toString('utf8').replace(/^\uFEFF/, '')
  try {
    return { path, text, manifest: record(JSON.parse(text)) }
  } catch {
    return undefined
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** `"@a/b@^1.0.0", "@a/b@~1":` at the beginning of a line, with quotes where they are needed. */
function keysOf(text: string): ReadonlySet<string> {
  const keys = text.matchAll(/^(?![#\s])(.+):\r?$/gm)
  return new Set(
    [...keys].flatMap(([, key = '']) => key.split(/, (?=")|, (?=[^"]*$)/).map(unquoted)),
  )
}

function unquoted(key: string): string {
  return key.replace(/^"|"$/g, '')
}

function notLocked(path: string, text: string, field: [string, string], spec: string) {
  const place = placeInText(path, text, field)
  return new PacklineError(
    'INSTALL_FAILED',
    `package.json and yarn.lock do not agree: ${place} asks for ${field[1]}@${spec}`,
    { hint: 'Run yarn install and hand in the yarn.lock that it writes.' },
  )
}
