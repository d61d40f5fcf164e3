import type { ArchiveEntry } from '@packline/archive'
import type { Finding } from '@packline/shared'
import { finding } from '../finding.ts'
import { fileModesTexts } from '../texts/file-modes.ts'
import type { Rule } from './rule.ts'

const SETUID_SETGID_STICKY = 0o7000
/** The platform runs functions as another user than the one that unpacks them. */
const READ_BY_ALL = 0o444

/**
 * Files 0644, executables and folders 0755, no setuid. What is built or mended here is so; one that
 * is only checked may not be. A jar's entries are read and never made files: nothing to say.
 */
export const fileModes: Rule = {
  id: 'file-modes',
  check: ({ package: { archive, format } }) => {
    if (format === 'jar') return []
    const entries = archive.entries.filter(({ kind }) => kind !== 'link')
    return [
      ...told(
        entries.filter(({ mode = 0 }) => (mode & SETUID_SETGID_STICKY) !== 0),
        fileModesTexts.specialBits,
      ),
      ...told(
        entries.filter(({ mode = READ_BY_ALL }) => (mode & READ_BY_ALL) !== READ_BY_ALL),
        fileModesTexts.unreadable,
      ),
    ]
  },
}

/** One finding for all entries with the same fault: a whole archive often has it. */
function told(
  entries: readonly ArchiveEntry[],
  text: (typeof fileModesTexts)[keyof typeof fileModesTexts],
): Finding[] {
  const [first] = entries
  if (!first) return []
  const mode = (first.mode ?? 0).toString(8)
  const said = text(first.path, mode, entries.length - 1)
  return [finding('file-modes', 'warning', said, { path: first.path })]
}
