import { failed, type ListedFunction, type Manifest, PacklineError } from '@packline/shared'
import type { GitWork } from '../sources/git/run-git.ts'
import { manifestFailures } from '../texts/failures/manifest.ts'
import { readManifest } from './read-manifest.ts'

/** The path of a manifest, or what stands for one, its paths from the root. */
export type Listing = { manifest: string } | readonly ListedFunction[]

/** What a commit lists, with paths from the root. Throws SOURCE_NOT_FOUND, MANIFEST_INVALID. */
export async function functionsAt(
  work: GitWork,
  commit: string,
  listing: Listing,
): Promise<ListedFunction[]> {
  if (!('manifest' in listing)) return [...listing]
  const path = listing.manifest
  const manifest = await readManifest(work, commit, path)
  if (manifest) return listed(manifest, path)
  throw failed('SOURCE_NOT_FOUND', manifestFailures.absent(path, commit))
}

/**
 * The entries that another commit's manifest has; none where it can not be read: then every entry
 * is another one. Undefined where a list stands for the manifest: it is the same for all commits.
 */
export async function entriesAtOther(
  work: GitWork,
  commit: string,
  listing: Listing,
): Promise<ReadonlyMap<string, ListedFunction> | undefined> {
  if (!('manifest' in listing)) return undefined
  try {
    const manifest = await readManifest(work, commit, listing.manifest)
    const entries = manifest ? listed(manifest, listing.manifest) : []
    return new Map(entries.map((one) => [one.function, one]))
  } catch (error) {
    if (error instanceof PacklineError && error.code === 'MANIFEST_INVALID') return new Map()
    throw error
  }
}

/** As if each had been listed with paths from the root. */
function listed({ functions }: Manifest, manifest: string): ListedFunction[] {
  const folder = manifest.includes('/') ? manifest.slice(0, manifest.lastIndexOf('/')) : ''
  const fromRoot = (path: string) => (folder === '' ? path : `${folder}/${path}`)
  return Object.entries(functions).map(([name, { path, shared, ...rest }]) => {
    const own = path === undefined ? folder : fromRoot(path)
    return {
      ...rest,
      function: name,
      ...(own !== '' && { path: own }),
      ...(shared && { shared: shared.map(fromRoot) }),
    }
  })
}
