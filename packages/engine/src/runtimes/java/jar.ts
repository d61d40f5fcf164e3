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
    return await openArchive(content, { limits })
  } catch (error) {
    if (error instanceof ArchiveRefusal) return undefined
    throw error
  }
}

/** `com.example.Hello` -> `com/example/Hello.class`. */
export function classPathOf(name: string): string {
  return `${name.replaceAll('.', '/')}.class`
}
