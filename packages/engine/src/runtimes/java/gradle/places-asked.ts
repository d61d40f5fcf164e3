import type { Tree } from '../../../tree.ts'

const FILE_BYTES_MAX = 1024 * 1024
/** Scripts, and version catalogues. */
const FILE = /\.gradle(?:\.kts)?$|\.versions\.toml$/
/** "group:name:version" in quotes, and the id of a plugin. */
const COORDINATES = /['"]([\w.-]+:[\w.-]+)(?::[^'"\n]*)?['"]|\bid\s*\(?\s*['"]([\w.-]+)['"]/g

/** Where the build's own files ask for each library, "group:name", and each plugin. */
export async function placesAsked(tree: Tree, root: string): Promise<Record<string, string>> {
  const prefix = root === '' ? '' : `${root}/`
  const places: Record<string, string> = {}
  for (const { path, linkTarget, size } of tree.files) {
    if (!path.startsWith(prefix) || !FILE.test(path)) continue
    if (linkTarget !== undefined || size > FILE_BYTES_MAX) continue
    const text = (await tree.read(path, FILE_BYTES_MAX)).toString('utf8')
    text.split('\n').forEach((line, index) => {
      for (const [, library, plugin] of line.matchAll(COORDINATES)) {
        places[library ?? plugin ?? ''] ??= `${path}:${index + 1}`
      }
    })
  }
  return places
}
