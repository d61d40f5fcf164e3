import { type Archive, type PackageEntry, packageEntriesOf, writeZip } from '@packline/archive'
import { MANIFEST } from './jar.ts'

/** Nothing of when, where and by whom: the same for every jar that plain sources become. */
const PLAIN_MANIFEST = 'Manifest-Version: 1.0\r\nCreated-By: Packline\r\n\r\n'

const TEXT_BYTES_MAX = 4 * 1024 * 1024
const POM_PROPERTIES = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/
const SIGNATURE = /^META-INF\/[^/]+\.SF$/i
/** What plugins write of the machine and the time; nothing reads it. */
const MACHINE_HEADER =
  /^(?:Built-By|Build-Jdk(?:-Spec)?|Build-Time(?:stamp)?|Build-Date|Created-By|Bnd-LastModified|Build-Host)$/i

/** The manifest of a jar that no build tool made. */
export function plainManifest(): PackageEntry {
  const content = Buffer.from(PLAIN_MANIFEST)
  return { path: MANIFEST, executable: false, size: content.length, content }
}

/** What a build tool's jar holds, without what differs between two builds of the same source. */
export async function reproducible(archive: Archive): Promise<PackageEntry[]> {
  const signed = archive.entries.some(({ path }) => SIGNATURE.test(path))
  return Promise.all(
    packageEntriesOf(archive).map(async (entry) => {
      const clean = cleanerOf(entry.path, signed)
      if (!clean || entry.kind === 'link' || entry.size > TEXT_BYTES_MAX) return entry
      // Byte for byte: manifests are cut into lines in the middle of characters.
      const text = (await archive.read(entry.path, TEXT_BYTES_MAX)).toString('latin1')
      const content = Buffer.from(clean(text), 'latin1')
      return { ...entry, content, size: content.length }
    }),
  )
}

/** A jar as an entry of a ZIP, written by our writer. */
export async function jarEntry(
  name: string,
  entries: readonly PackageEntry[],
): Promise<PackageEntry> {
  const packed = await writeZip(entries, { memory: true }, { jar: true })
  if (!('bytes' in packed.content)) throw new Error('a jar for memory went to a file')
  return { path: name, executable: false, size: packed.size, content: packed.content.bytes }
}

function cleanerOf(path: string, signed: boolean): ((text: string) => string) | undefined {
  // A signature covers the manifest.
  if (path === MANIFEST) return signed ? undefined : cleanManifest
  return POM_PROPERTIES.test(path) ? cleanProperties : undefined
}

/** A header goes with the lines that continue it, which start with a space. */
function cleanManifest(text: string): string {
  const headers = text.split(/\r?\n(?! )/)
  return headers
    .filter((header) => !MACHINE_HEADER.test(header.split(':', 1)[0] ?? ''))
    .join('\r\n')
}

/** Older plugins write the time as a comment. */
function cleanProperties(text: string): string {
  return text.replace(/^#.*(?:\r?\n|$)/gm, '')
}
