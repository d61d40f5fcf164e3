import type { Tree } from '../../tree.ts'
import { placeInText } from './manifest.ts'
import { readWorkspaces, record } from './workspaces.ts'

/** The last that names a package says where: what is needed at run time. */
const FIELDS = ['devDependencies', 'peerDependencies', 'optionalDependencies', 'dependencies']

/** Where a package.json asks for each package, the root's before those of workspaces. */
export async function placesAsked(tree: Tree): Promise<Record<string, string>> {
  const workspaces = (await readWorkspaces(tree)).reverse()
  const places = workspaces.flatMap(({ path, text, manifest }) =>
    FIELDS.flatMap((field) =>
      Object.keys(record(manifest[field])).map((name) => {
        return [name, placeInText(path, text, [field, name])]
      }),
    ),
  )
  return Object.fromEntries(places)
}
