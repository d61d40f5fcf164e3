import type { Finding } from '@packline/shared'
import type { Rule } from './rule.ts'

const SETUID_SETGID_STICKY = 0o7000

/** Files 0644, executables 0755, no setuid. Our writer does so; a finished package may not. */
export const fileModes: Rule = {
  id: 'file-modes',
  check: ({ package: { archive } }) =>
    archive.entries.flatMap((entry): Finding[] => {
      if (((entry.mode ?? 0) & SETUID_SETGID_STICKY) === 0) return []
      return [
        {
          rule: 'file-modes',
          level: 'warning',
          message: `${entry.path} has mode ${(entry.mode ?? 0).toString(8)}; the platform drops the setuid, setgid and sticky bits`,
          hint: 'Pack it with mode 0755, or 0644 when it is not started.',
          path: entry.path,
        },
      ]
    }),
}
