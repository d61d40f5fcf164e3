import type { BuildRequest, StoredPackage } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Package } from '../package.ts'

/** One PUT, under a key that its content names: a second run stores the same object. */
export async function store(
  packed: Package,
  request: BuildRequest,
  context: BuildContext,
): Promise<StoredPackage> {
  const { file, format } = packed
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
