import type { ArchiveEntry } from '@packline/archive'
import type { Finding } from '@packline/shared'
import { finding } from '../finding.ts'
import { linksTexts } from '../texts/links.ts'
import type { Rule } from './rule.ts'

/** As many as Linux follows on one path (path_resolution(7)). */
const HOPS_MAX = 40

/** A link that leads out is refused by the gate; one that leads nowhere is told here. */
export const links: Rule = {
  id: 'links',
  check: ({ package: { archive } }) => {
    const found = archive.entries.filter(({ kind }) => kind === 'link')
    if (found.length === 0) return []
    const there = placesOf(archive.entries)
    return found.filter((entry) => !leadsSomewhere(entry, there)).map(dangling)
  },
}

interface Places {
  /** Files and folders, those without an entry of their own too; the root is "". */
  solid: ReadonlySet<string>
  links: ReadonlyMap<string, string>
}

function placesOf(entries: readonly ArchiveEntry[]): Places {
  const solid = new Set<string>([''])
  const links = new Map<string, string>()
  for (const { path, kind, linkTarget = '' } of entries) {
    if (kind === 'link') links.set(path, linkTarget)
    else solid.add(path)
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (solid.has(path.slice(0, end))) break
      solid.add(path.slice(0, end))
    }
  }
  return { solid, links }
}

/** As a kernel goes: part by part, through links to folders as well. */
function leadsSomewhere({ path, linkTarget = '' }: ArchiveEntry, { solid, links }: Places) {
  const place = path.split('/').slice(0, -1)
  const ahead = linkTarget.split('/').reverse()
  let hops = 0
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === '' || part === '.') continue
    if (part === '..') {
      place.pop()
      continue
    }
    const at = [...place, part].join('/')
    const through = links.get(at)
    if (through !== undefined) {
      hops += 1
      if (hops > HOPS_MAX) return false
      ahead.push(...through.split('/').reverse())
      continue
    }
    if (!solid.has(at)) return false
    place.push(part)
  }
  return true
}

function dangling({ path, linkTarget = '' }: ArchiveEntry): Finding {
  return finding('links', 'warning', linksTexts.dangling(path, linkTarget), { path })
}
