import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { Archive, ArchiveContent, ArchiveEntry } from '@packline/archive'
import { LIMITS } from '@packline/shared'
import { type Component, type ComponentHash, componentOf } from '../../component.ts'
import type { Subject } from '../runtime.ts'
import { openJar } from './jar.ts'
import { describeJar } from './jar-identity.ts'

/** At the root of a ZIP, or inside a Spring Boot jar. */
const LIBRARY = /^(?:(?:BOOT-INF|WEB-INF)\/lib\/)?[^/]+\.jar$/i
/** Of a jar inside a jar, which can only be looked into from memory. */
const NESTED_BYTES_MAX = 64 * 1024 * 1024

/** What each jar says of itself; a jar's own libraries (Spring Boot) as well. */
export async function components(subject: Subject): Promise<Component[]> {
  const { archive, folder } = subject.package
  const described = archive.format === 'jar' ? await describeJar(archive) : []
  const own = described.flatMap((one) => componentOf(one) ?? [])
  const large = async (path: string) => ({ path: posix.join(await folder(), path) })
  return [...own, ...(await librariesOf(archive, subject, large))]
}

type FromDisk = (path: string) => Promise<ArchiveContent>

async function librariesOf(
  archive: Archive,
  subject: Subject,
  fromDisk?: FromDisk,
): Promise<Component[]> {
  const found: Component[] = []
  const jars = archive.entries.filter(({ path, kind }) => kind === 'file' && LIBRARY.test(path))
  for (const entry of jars) {
    subject.signal.throwIfAborted()
    const content = await contentOf(entry, archive, fromDisk)
    const jar = content && (await openJar(content, subject.profile))
    if (!jar) continue
    try {
      const hashes = await hashesOf(archive, entry.path)
      const described = await describeJar(jar, posix.basename(entry.path))
      // A jar that several were shaded into has a digest that is none of theirs.
      const known = described.length === 1 ? hashes : undefined
      found.push(...described.flatMap((one) => componentOf({ ...one, hashes: known }) ?? []))
      found.push(...(await librariesOf(jar, subject)))
    } finally {
      await jar.close()
    }
  }
  return found
}

/** Small ones from memory; a large one of the package itself is unpacked once, for all checks. */
async function contentOf(
  { path, size }: ArchiveEntry,
  archive: Archive,
  fromDisk: FromDisk | undefined,
): Promise<ArchiveContent | undefined> {
  const bytesMax = fromDisk ? LIMITS.memoryTreeBytesMax : NESTED_BYTES_MAX
  if (size <= bytesMax) return { bytes: await archive.read(path, bytesMax) }
  return fromDisk?.(path)
}

async function hashesOf(archive: Archive, path: string): Promise<ComponentHash[]> {
  const [sha1, sha256] = [createHash('sha1'), createHash('sha256')]
  for await (const chunk of await archive.open(path)) {
    sha1.update(chunk)
    sha256.update(chunk)
  }
  return [
    { algorithm: 'SHA-1', content: sha1.digest('hex') },
    { algorithm: 'SHA-256', content: sha256.digest('hex') },
  ]
}
