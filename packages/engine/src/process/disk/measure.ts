import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Entries looked at in one go; file handles and memory stay bounded. */
const AT_ONCE = 64

/** What a folder holds. */
export interface Held {
  bytes: number
  files: number
}

export interface Measuring {
  /** Only what was written since then counts, by the file system's own time. */
  sinceMs?: number
  /** It ends as soon as it has counted more. */
  most: Held
  /** Before a folder that holds more than what is left of these it ends: there is at least this. */
  entriesMax?: number
  /** Files that were counted already, and are counted once: hard links. */
  known: Set<string>
}

/**
 * Counts what lies below a folder: the space that files really take, and the entries. Whether all
 * could be seen is told, too: a folder without rights hides what is in it from an ordinary user.
 */
export async function measure(
  folder: string,
  measuring: Measuring,
): Promise<Held & { isWhole: boolean }> {
  const held = { bytes: 0, files: 0, isWhole: true }
  let left = measuring.entriesMax ?? Number.POSITIVE_INFINITY
  const waiting = [folder]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const inside = next
    const entries = await readdir(inside, { withFileTypes: true }).catch((error: unknown) => {
      // What is gone meanwhile holds nothing.
      if (!isGone(error)) held.isWhole = false
      return []
    })
    left -= entries.length
    if (left < 0) return held
    for (let at = 0; at < entries.length; at += AT_ONCE) {
      const some = entries.slice(at, at + AT_ONCE)
      for (const entry of some) if (entry.isDirectory()) waiting.push(join(inside, entry.name))
      await Promise.all(some.map((entry) => count(join(inside, entry.name), measuring, held)))
      if (held.bytes > measuring.most.bytes || held.files > measuring.most.files) return held
    }
  }
  return held
}

async function count(path: string, measuring: Measuring, held: Held): Promise<void> {
  const stats = await lstat(path).catch(() => undefined)
  if (!stats || stats.ctimeMs < (measuring.sinceMs ?? 0)) return
  if (stats.nlink > 1 && !stats.isDirectory()) {
    const key = keyOf(stats)
    if (measuring.known.has(key)) return
    measuring.known.add(key)
  }
  held.files += 1
  held.bytes += spaceOf(stats)
}

/** One file, whatever its names are. */
export function keyOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`
}

/** Blocks are of 512 bytes, whatever those of the file system are. */
export function spaceOf({ blocks }: Stats): number {
  return blocks * 512
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
