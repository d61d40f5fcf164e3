import { type Archive, type ArchiveContent, ArchiveRefusal, openArchive } from '@packline/archive'
import { LIMITS, type Profile } from '@packline/shared'

export const MANIFEST = 'META-INF/MANIFEST.MF'

/**
 * Opens a jar that stands in a tree or a package; undefined where the gate refuses it. Libraries
 * of other people hold names that differ by case only, which Java does not mind.
 */
export async function openJar(
  content: ArchiveContent,
  profile: Profile,
): Promise<Archive | undefined> {
  const limits = {
    entriesMax: LIMITS.archiveEntriesMax,
    unpackedBytesMax: profile.limits.unpackedBytesMax,
    ratioMax: LIMITS.archiveRatioMax,
  }
  try {
    return await openArchive('bytes' in content ? withKnownModes(content) : content, { limits })
  } catch (error) {
    if (error instanceof ArchiveRefusal) return undefined
    throw error
  }
}

// Lengths and places: APPNOTE.TXT 6.3.10, parts 4.3.12 and 4.3.16.
const END_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1')
const RECORD_SIGNATURE = 0x02014b50
const MODE_UNKNOWN = 0xffff

/**
 * The jar plugin that Maven 3.8 takes by itself gives some folders the mode -1 for "not known",
 * which the gate takes for a device's. Only the directory of a copy is changed, for reading.
 */
function withKnownModes({ bytes }: { bytes: Buffer }): ArchiveContent {
  const places: number[] = []
  const end = bytes.lastIndexOf(END_SIGNATURE)
  const records = end < 0 || end + 20 > bytes.length ? 0 : bytes.readUInt16LE(end + 10)
  let at = records === 0 ? 0 : bytes.readUInt32LE(end + 16)
  for (let count = 0; count < records; count += 1) {
    // What is damaged is left as it is: the gate says it better.
    if (at + 46 > end || bytes.readUInt32LE(at) !== RECORD_SIGNATURE) break
    if (bytes.readUInt16LE(at + 40) === MODE_UNKNOWN) places.push(at + 40)
    const lengths = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset))
    at += 46 + lengths.reduce((sum, length) => sum + length, 0)
  }
  if (places.length === 0) return { bytes }
  const copy = Buffer.from(bytes)
  for (const place of places) copy.writeUInt16LE(0, place)
  return { bytes: copy }
}

/** `com.example.Hello` -> `com/example/Hello.class`. */
export function classPathOf(name: string): string {
  return `${name.replaceAll('.', '/')}.class`
}
