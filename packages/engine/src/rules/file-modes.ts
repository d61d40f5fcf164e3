import type { ArchiveEntry } from '@packline/archive'
import type { Finding } from '@packline/shared'
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
        'the platform drops the setuid, setgid and sticky bits',
      ),
      ...told(
        entries.filter(({ mode = READ_BY_ALL }) => (mode & READ_BY_ALL) !== READ_BY_ALL),
        'the function may not be allowed to read it',
      ),
    ]
  },
}

/** One finding for all entries with the same fault: a whole archive often has it. */
function told(entries: readonly ArchiveEntry[], fault: string): Finding[] {
  const [first] = entries
  if (!first) return []
  const mode = (first.mode ?? 0).toString(8)
  const more = entries.length > 1 ? `, as ${entries.length - 1} more have such` : ''
  return [
    {
      rule: 'file-modes',
      level: 'warning',
      message: `${first.path} has mode ${mode}${more}; ${fault}`,
      hint: 'Pack it with mode 0755, or 0644 when it is not started.',
      path: first.path,
    },
  ]
}
