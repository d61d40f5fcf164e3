import { isUtf8 } from 'node:buffer'
import type { Words } from '@packline/shared'
import { foldPath } from './path-register.ts'
import type { Pause } from './pause.ts'
import { ArchiveRefusal, quote } from './refusal.ts'

/** Linux follows at most 40 links on one path (path_resolution(7)). */
const HOPS_MAX = 40
/** As long as a path may be; no link that stays inside needs more. */
export const LINK_TARGET_BYTES_MAX = 1024
/** Parts that all links of an archive together may lead through; each costs a look-up. */
const PARTS_MAX = 1_000_000

/** The text of a link, refused when no Linux link could hold it. */
export function parseLinkTarget(path: string, content: Buffer): string {
  const target = content.toString('utf8')
  const length = content.length > 0 && content.length <= LINK_TARGET_BYTES_MAX
  if (length && isUtf8(content) && !/[\x00-\x1f\x7f\\]/.test(target)) return target
  throw new ArchiveRefusal('link-target', path, {
    en: 'its target is no relative path of 1 to 1024 bytes',
    zh: '它的目标不是 1 到 1024 字节的相对路径',
  })
}

/**
 * Rule links: every link must end inside the package, followed as a kernel would, through other
 * links. A target that is not there may stay: it points to nothing, but to nothing inside.
 */
export async function checkLinks(links: ReadonlyMap<string, string>, pause: Pause): Promise<void> {
  const folded = new Map([...links].map(([path, target]) => [foldPath(path), target]))
  let partsLeft = PARTS_MAX
  for (const [path, target] of links) {
    const tired = pause()
    if (tired) await tired
    partsLeft -= follow(path, target, folded, partsLeft)
  }
}

const TARGETS = {
  absolute: { en: 'is absolute', zh: '是绝对路径' },
  leaves: { en: 'leaves the package', zh: '离开了包' },
  circle: { en: 'goes round in a circle', zh: '成环' },
  many: { en: 'is one of too many links', zh: '所在的链接过多' },
}

/** Answers how many parts it went through. */
function follow(
  path: string,
  target: string,
  links: ReadonlyMap<string, string>,
  partsMax: number,
): number {
  const refuse = (reason: 'link-escapes' | 'link-loop', { en, zh }: Words) =>
    new ArchiveRefusal(
      reason,
      path,
      { en: `its target ${quote(target)} ${en}`, zh: `它的目标 ${quote(target)} ${zh}` },
      {
        hint: 'Put the file itself into the package, or a link that is relative and stays inside.',
      },
    )
  const place = path.split('/').slice(0, -1)
  const ahead: string[] = []
  const enter = (next: string) => {
    if (/^(\/|[A-Za-z]:)/.test(next)) throw refuse('link-escapes', TARGETS.absolute)
    ahead.push(...next.split('/').reverse())
  }
  enter(target)
  let hops = 0
  let parts = 0
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    parts += 1
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (place.pop() === undefined) throw refuse('link-escapes', TARGETS.leaves)
      continue
    }
    place.push(part)
    const through = links.get(foldPath(place.join('/')))
    if (through === undefined) continue
    hops += 1
    if (hops > HOPS_MAX) throw refuse('link-loop', TARGETS.circle)
    if (parts > partsMax) throw refuse('link-loop', TARGETS.many)
    place.pop()
    enter(through)
  }
  return parts
}
