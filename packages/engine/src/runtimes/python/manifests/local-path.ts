import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { pythonManifestFailures } from '../../../texts/failures/python-manifests.ts'
import type { Tree } from '../../../tree.ts'
import { SOURCE_VARIABLE } from '../install-job.ts'
import type { ListLine } from './declared.ts'
import { invalid } from './invalid.ts'
import { normalName } from './requirement.ts'

const LOCAL_BYTES_MAX = 512 * 1024 * 1024
const ARCHIVE = /\.(tar\.gz|tgz|tar\.bz2|tar\.xz|zip)$/i

/** A place in the source that a manifest names instead of a package of the registry. */
export interface LocalPlace {
  /** As it is written, such as "./wheels/six-1.16.0-py2.py3-none-any.whl". */
  path: string
  /** Known where the manifest says it; a wheel's file name has its own. */
  name?: string
  extras?: string
  marker?: string
  file: string
  line: number
}

/**
 * The line for a wheel, a source archive or a folder of the source: looked for from the root, as
 * pip does, else from the file that names it. MANIFEST_INVALID where the source has none.
 */
export async function localLine(tree: Tree, place: LocalPlace): Promise<ListLine> {
  const { file, line, path, marker } = place
  const found = findPlace(tree, place)
  if (found === undefined) throw invalid(place, pythonManifestFailures.noLocal(path))
  const address = `file://\${${SOURCE_VARIABLE}}/${encodeURI(found).replace(/\/$/, '')}`
  const name = place.name ?? nameOf(found)
  const what = name === undefined ? address : `${name}${place.extras ?? ''} @ ${address}`
  const isFile = tree.find(found) !== undefined
  return {
    text: marker === undefined ? what : `${what} ; ${marker}`,
    hashes: isFile ? [await hashOf(tree, found)] : [],
    local: found.endsWith('.whl') ? 'wheel' : 'source',
    file,
    line,
  }
}

function findPlace(tree: Tree, { path, file }: LocalPlace): string | undefined {
  const plain = path.replace(/^file:(\/\/)?/, '')
  const places = [posix.normalize(plain), posix.join(posix.dirname(file), plain)]
  return places
    .map((place) => place.replace(/^\.\//, '').replace(/\/$/, ''))
    .find((place) => isHere(tree, place))
}

function isHere(tree: Tree, place: string): boolean {
  if (place.endsWith('.whl') || ARCHIVE.test(place)) return tree.find(place) !== undefined
  const inside = place === '.' ? '' : `${place}/`
  return ['pyproject.toml', 'setup.py'].some((name) => tree.find(`${inside}${name}`) !== undefined)
}

/** Of a wheel's (PEP 427) or a source archive's file name; a folder's name says nothing. */
function nameOf(path: string): string | undefined {
  const file = posix.basename(path)
  const name = /^(.+?)-\d/.exec(file)?.[1]
  return name !== undefined && (file.endsWith('.whl') || ARCHIVE.test(file))
    ? normalName(name)
    : undefined
}

async function hashOf(tree: Tree, path: string): Promise<string> {
  const bytes = await tree.read(path, LOCAL_BYTES_MAX)
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
