import { posix } from 'node:path'
import type { PackageEntry } from '@packline/archive'
import type { Tree } from '../../../tree.ts'
import { BUNDLE_NOTE, type BundleNote } from '../bundle/note.ts'
import { onlyOf } from './installed-only.ts'
import { closureOf, packagesOf } from './packages.ts'
import type { Placed } from './real-folders.ts'

const NOTE_BYTES_MAX = 64 * 1024 * 1024
/** What was bundled, or only made the bundle. */
const CODE = /\.([mc]?[jt]sx?|map|tsbuildinfo)$/
const MANIFEST =
  /(^|\/)(package(-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-(lock|workspace)\.yaml|[jt]sconfig[\w.-]*\.json)$/

/**
 * The bundle, the packages that stayed outside of it with what they need, and the source's other
 * files, which code may read at run time.
 */
export async function collectBundle(
  placed: readonly Placed[],
  source: Tree,
  output: Tree,
): Promise<PackageEntry[]> {
  const note: BundleNote = JSON.parse((await output.read(BUNDLE_NOTE, NOTE_BYTES_MAX)).toString())
  const made = output.files.filter(({ path }) => path !== BUNDLE_NOTE)
  const inside = new Set([...note.inputs, ...made.map(({ path }) => path)])
  const packages = packagesOf(placed, source)
  const kept = await closureOf(
    note.packages.map(({ folder }) => folder),
    packages,
  )
  const others = onlyOf(placed, kept).filter(({ path, file }) => {
    if (/(^|\/)node_modules\//.test(path)) return true
    return !inside.has(file.path) && !CODE.test(path) && !MANIFEST.test(path)
  })
  const entries = [
    ...made.map((file) => output.entry(file)),
    ...others.map(({ path, file }) => source.entry(file, path)),
  ]
  const isModule = note.format === 'esm' && made.some(({ path }) => posix.extname(path) === '.js')
  return isModule ? [...entries, moduleManifest()] : entries
}

/** Without it Node.js takes a .js file for the older kind. */
function moduleManifest(): PackageEntry {
  const content = Buffer.from('{"type":"module"}\n')
  return { path: 'package.json', executable: false, size: content.length, content }
}
