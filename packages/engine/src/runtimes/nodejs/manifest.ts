import { posix } from 'node:path'
import { failed } from '@packline/shared'
import * as z from 'zod'
import { nodejsFailures } from '../../texts/failures/nodejs.ts'
import type { Tree } from '../../tree.ts'

const MANIFEST_BYTES_MAX = 4 * 1024 * 1024

const dependencies = z.record(z.string(), z.string()).nullish()
/** What npm installs without being asked for development; other fields are npm's to judge. */
const manifestSchema = z.looseObject({
  dependencies,
  optionalDependencies: dependencies,
  peerDependencies: dependencies,
  workspaces: z.unknown().optional(),
  packageManager: z.string().nullish(),
  main: z.string().nullish().catch(undefined),
  type: z.string().nullish().catch(undefined),
})
export type Manifest = z.output<typeof manifestSchema>

/** Whether npm has anything to install; folders of workspaces are linked by it, too. */
export function declaresDependencies(manifest: Manifest | undefined): boolean {
  if (!manifest) return false
  const { dependencies, optionalDependencies, peerDependencies, workspaces } = manifest
  const named = { ...dependencies, ...optionalDependencies, ...peerDependencies }
  return Object.keys(named).length > 0 || (workspaces !== undefined && workspaces !== null)
}

/**
 * package.json at the root, or undefined; throws MANIFEST_INVALID with the place of the mistake.
 */
export async function readManifest(tree: Tree): Promise<Manifest | undefined> {
  if (!tree.find('package.json')) return undefined
  const text = (await tree.read('package.json', MANIFEST_BYTES_MAX)).toString('utf8')
  const parsed = manifestSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.map(String) ?? []
  const field = path.length > 0 ? path.join('.') : undefined
  const place = placeInText('package.json', text, path)
  const said = nodejsFailures.badField(place, field, issue?.message)
  throw failed('MANIFEST_INVALID', said, { cause: parsed.error })
}

/** "package.json:7" for a field by its names from the outside in. */
export async function placeInManifest(tree: Tree, path: readonly string[]): Promise<string> {
  const text = (await tree.read('package.json', MANIFEST_BYTES_MAX)).toString('utf8')
  return placeInText('package.json', text, path)
}

/** The same of any JSON; without a line where the field is not found. */
export function placeInText(file: string, text: string, path: readonly string[]): string {
  let at = 0
  for (const name of path) {
    const found = text.indexOf(JSON.stringify(name), at)
    if (found < 0) return file
    at = found
  }
  return path.length === 0 ? file : `${file}:${text.slice(0, at).split('\n').length}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const [, line] = /\(line (\d+) /.exec(reason) ?? []
    const place = line === undefined ? 'package.json' : `package.json:${line}`
    throw failed('MANIFEST_INVALID', nodejsFailures.notJson(place, reason), { cause: error })
  }
}

/** A dependency that lies in the source itself: "file:lib", "./lib.tgz". */
const LOCAL = /^(?:(?:file|link):(?:\/\/)?)?(\.{0,2}\/.*|~\/.*)$|^(?:file|link):(.+)$/

/**
 * Refuses dependencies in folders and files that the source does not hold, which npm would link to
 * nothing: MANIFEST_INVALID where they lie outside, DEPENDENCY_NOT_FOUND where they are missing.
 */
export function checkLocalDependencies(tree: Tree, manifest: Manifest | undefined): void {
  const all = { ...manifest?.dependencies, ...manifest?.optionalDependencies }
  for (const [name, spec] of Object.entries(all)) {
    const match = LOCAL.exec(spec)
    const given = match?.[1] ?? match?.[2]
    if (given === undefined) continue
    const path = posix.normalize(given).replace(/\/$/, '')
    if (/^(\.\.(\/|$)|\/|~)/.test(path)) {
      throw failed('MANIFEST_INVALID', nodejsFailures.outside(name, spec))
    }
    if (path === '.' || holds(tree, path)) continue
    throw failed('DEPENDENCY_NOT_FOUND', nodejsFailures.absent(name, spec))
  }
}

function holds(tree: Tree, path: string): boolean {
  return (
    tree.find(path) !== undefined || tree.files.some((file) => file.path.startsWith(`${path}/`))
  )
}
