import { posix } from 'node:path'
import type { Finding } from '@packline/shared'
import type { Rule } from './rule.ts'

/** A link that leads out is refused by the gate; one that leads nowhere is told here. */
export const links: Rule = {
  id: 'links',
  check: ({ package: { archive } }) => {
    const paths = new Set(archive.entries.map((entry) => entry.path.replace(/\/$/, '')))
    const folders = new Set([...paths].flatMap(foldersOf))
    return archive.entries.flatMap((entry): Finding[] => {
      if (entry.kind !== 'link') return []
      const target = posix.join(posix.dirname(entry.path), entry.linkTarget ?? '')
      if (paths.has(target) || folders.has(target.replace(/\/$/, ''))) return []
      return [
        {
          rule: 'links',
          level: 'warning',
          message: `the link ${entry.path} leads to ${entry.linkTarget}, which is not in the package`,
          hint: 'Add the file that it leads to, or leave the link out.',
          path: entry.path,
        },
      ]
    })
  },
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/')).concat('.')
}
