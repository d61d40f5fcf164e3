import { posix } from 'node:path'
import { failed, PacklineError } from '@packline/shared'
import { nodejsFailures } from '../../../texts/failures/nodejs.ts'
import type { Tree } from '../../../tree.ts'
import type { Order } from '../../runtime.ts'
import type { Manifest } from '../manifest.ts'

/** What a bundle is made of, and where it goes. */
export interface BundleEntry {
  source: string
  /** Path in the package. */
  output: string
  format: 'cjs' | 'esm'
}

/** TypeScript first: JavaScript of the same name was made from it. */
const SOURCES = ['ts', 'mts', 'cts', 'tsx', 'js', 'mjs', 'cjs', 'jsx']
const OUTPUTS: Readonly<Record<string, string>> = { mts: 'mjs', mjs: 'mjs', cts: 'cjs', cjs: 'cjs' }
const MANIFEST_BYTES_MAX = 4 * 1024 * 1024

/**
 * The handler's file, or the one that package.json calls main for HTTP functions, at its place or
 * below src/, where compilers take it from. Throws ENTRY_MISSING.
 */
export async function bundleEntry(
  tree: Tree,
  manifest: Manifest | undefined,
  order: Order,
): Promise<BundleEntry> {
  const file = startedFile(manifest, order)
  const candidates = sourcesOf(file)
  const source = candidates.find((path) => tree.find(path) !== undefined)
  if (source === undefined) {
    throw failed('ENTRY_MISSING', nodejsFailures.noEntry(file, order.handler !== undefined))
  }
  const extension = posix.extname(source).slice(1)
  const format = await formatOf(tree, source, order)
  return { source, output: `${file}.${OUTPUTS[extension] ?? 'js'}`, format }
}

/** Every file that a bundle of this one may be made of, the likeliest first. */
export function sourcesOf(file: string): string[] {
  return ['', 'src/'].flatMap((folder) => SOURCES.map((end) => `${folder}${file}.${end}`))
}

function startedFile(manifest: Manifest | undefined, { handler }: Order): string {
  if (handler?.form === 'file.function') return handler.file
  const main = posix.normalize(manifest?.main ?? 'index.js')
  return main.replace(/\.[mc]?[jt]sx?$/, '')
}

/** As Node.js would read it; what has no modules of that kind gets the older kind. */
async function formatOf(tree: Tree, source: string, { request }: Order): Promise<'cjs' | 'esm'> {
  const [major = 0, minor = 0] = request.version.split('.').map(Number)
  const hasModules = major > 12 || (major === 12 && minor >= 17)
  if (!hasModules || /\.c[jt]s$/.test(source)) return 'cjs'
  if (/\.m[jt]s$/.test(source)) return 'esm'
  return (await typeAbove(tree, posix.dirname(source))) === 'module' ? 'esm' : 'cjs'
}

/** "type" of the nearest package.json, from a folder upwards. */
async function typeAbove(tree: Tree, folder: string): Promise<unknown> {
  const path = posix.join(folder, 'package.json')
  if (tree.find(path)) {
    try {
      return JSON.parse((await tree.read(path, MANIFEST_BYTES_MAX)).toString('utf8'))?.type
    } catch (error) {
      if (error instanceof PacklineError) throw error
      throw failed('MANIFEST_INVALID', nodejsFailures.noJson(path), { cause: error })
    }
  }
  return folder === '.' ? undefined : typeAbove(tree, posix.dirname(folder))
}
