import type { BuildRequest, SplitPackage, StoredPackage } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Package } from '../package.ts'

/** What a build has made, where it lies. */
interface Stored {
  package: StoredPackage
  split?: SplitPackage
}

/** The package, and before it what was split off: a function never lacks what it needs. */
export async function store(
  packed: Package,
  request: BuildRequest,
  context: BuildContext,
): Promise<Stored> {
  const { split } = packed
  if (!split) return { package: await put(packed, request, context) }
  const { name, revision } = split
  const apart = await put(split, { type: 'dependency', function: name }, context)
  const own = await put(packed, request, context)
  return { package: own, split: { name, revision, package: apart } }
}

/** One PUT, under a key that its content names: a second run stores the same object. */
async function put(
  { file, format }: Package,
  request: Pick<BuildRequest, 'type' | 'function'>,
  context: BuildContext,
): Promise<StoredPackage> {
  const key = context.keyOfPackage(file, format, request)
  const content =
    'path' in file.content ? { path: file.content.path, size: file.size } : file.content
  await context.store.put(key, content, {
    sha256: file.sha256,
    contentType: format === 'jar' ? 'application/java-archive' : 'application/zip',
    signal: context.signal,
  })
  const { size, sha256, entries, unpackedSize } = file
  return { key, address: context.store.address(key), format, size, sha256, entries, unpackedSize }
}
