import { posix } from 'node:path'
import type { PackageEntry } from '@packline/archive'
import type { Made } from '../../../package.ts'
import type { ReadText } from '../../../text-of-entry.ts'
import type { Tree } from '../../../tree.ts'
import { BUNDLE_NOTE, type BundleNote } from '../bundle/note.ts'
import { npmComponents } from '../components/npm-components.ts'
import { onlyOf } from './installed-only.ts'
import { memberOnly } from './member-only.ts'
import { closureOf, packagesOf } from './packages.ts'
import type { Placed } from './real-folders.ts'

const NOTE_BYTES_MAX = 64 * 1024 * 1024
const MAP_BYTES_MAX = 128 * 1024 * 1024
/** What was bundled, or only made the bundle. */
const CODE = /\.([mc]?[jt]sx?|map|tsbuildinfo)$/
const MANIFEST =
  /(^|\/)(package(-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-(lock|workspace)\.yaml|[jt]sconfig[\w.-]*\.json)$/

/**
 * The bundle, the packages that stayed outside of it with what they need, and the source's other
 * files, which code may read at run time; beside them its source map and what was put into it.
 */
export async function collectBundle(
  placed: readonly Placed[],
  source: Tree,
  output: Tree,
  member: string | undefined,
): Promise<Pick<Made, 'entries' | 'sourceMap' | 'bundled'>> {
  const note: BundleNote = JSON.parse((await output.read(BUNDLE_NOTE, NOTE_BYTES_MAX)).toString())
  const made = output.files.filter(({ path }) => path !== BUNDLE_NOTE && !path.endsWith('.map'))
  const inside = new Set([...note.inputs, ...made.map(({ path }) => path)])
  const outside = note.packages.map(({ folder }) => folder)
  const beside =
    member === undefined
      ? onlyOf(placed, await closureOf(outside, packagesOf(placed, source)))
      : await memberOnly(placed, source, member, outside)
  const others = beside.filter(({ path, file }) => {
    if (/(^|\/)node_modules\//.test(path)) return true
    return !inside.has(file.path) && !CODE.test(path) && !MANIFEST.test(path)
  })
  const entries = [
    ...made.map((file) => output.entry(file)),
    ...others.map(({ path, file }) => source.entry(file, path)),
  ]
  const isModule = note.format === 'esm' && made.some(({ path }) => posix.extname(path) === '.js')
  const map = output.files.find(({ path }) => path.endsWith('.map'))
  return {
    entries: isModule ? [...entries, moduleManifest()] : entries,
    sourceMap: map && (await output.read(map.path, MAP_BYTES_MAX)),
    bundled: await npmComponents(
      note.bundled.map((folder) => posix.join(folder, 'package.json')),
      readerOf(source),
    ),
  }
}

function readerOf(source: Tree): ReadText {
  return async (path, bytesMax) => {
    const file = source.find(path)
    if (!file || file.linkTarget !== undefined || file.size > bytesMax) return undefined
    return (await source.read(path, bytesMax)).toString('utf8')
  }
}

/** Without it Node.js takes a .js file for the older kind. */
function moduleManifest(): PackageEntry {
  const content = Buffer.from('{"type":"module"}\n')
  return { path: 'package.json', executable: false, size: content.length, content }
}
