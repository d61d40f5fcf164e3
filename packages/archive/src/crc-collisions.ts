import type { Archive, ArchiveEntry } from './archive.ts'
import { WHOLE_BYTES_MAX } from './entry-content.ts'
import { ArchiveRefusal, quote } from './refusal.ts'

/**
 * Two contents made to share a checksum: a reader that finds the end of data by the checksum takes
 * the one for the other. By chance it happens too (30,000 files: one archive in ten), so two are
 * only refused when one begins like the other, and three, which chance never gives, at once.
 */
export async function refuseCollisions(archive: Archive): Promise<void> {
  const firsts = new Map<number, ArchiveEntry>()
  const seconds = new Map<number, ArchiveEntry>()
  for (const entry of archive.entries) {
    if (entry.kind !== 'file' || entry.size === 0) continue
    const first = firsts.get(entry.crc)
    if (!first) firsts.set(entry.crc, entry)
    if (!first || first.size === entry.size) continue
    const second = seconds.get(entry.crc)
    if (second && second.size !== entry.size) throw collision(entry, first)
    if (second) continue
    seconds.set(entry.crc, entry)
    if (await beginAlike(archive, first, entry)) throw collision(entry, first)
  }
}

function collision(entry: ArchiveEntry, other: ArchiveEntry): ArchiveRefusal {
  const found = {
    en: `its checksum is made equal to that of ${quote(other.path)}`,
    zh: `它的校验和被做成与 ${quote(other.path)} 的相同`,
  }
  return new ArchiveRefusal('crc-collision', entry.path, found)
}

async function beginAlike(archive: Archive, a: ArchiveEntry, b: ArchiveEntry): Promise<boolean> {
  const [short, long] = a.size < b.size ? [a, b] : [b, a]
  // Larger ones would have to be streamed side by side for a case that no reader is known to mind.
  if (long.size > WHOLE_BYTES_MAX) return false
  const [start, whole] = await Promise.all([
    archive.read(short.path, short.size),
    archive.read(long.path, long.size),
  ])
  return whole.subarray(0, start.length).equals(start)
}
