import { lchown, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Entries looked at in one go; file handles and memory stay bounded. */
const AT_ONCE = 64

/** How deep a folder that already belongs to the user is searched for what root added since. */
const SEARCH_DEPTH = 2

/**
 * Makes a user and its group the owner of a folder and all in it; links are changed themselves,
 * never followed. What belongs to the user already is searched two levels deep only: a tree that
 * an install left behind holds nothing of the worker's. Call it while no command runs in there.
 */
export async function handOver(folder: string, uid: number): Promise<void> {
  const isOwned = await own(folder, uid)
  await handOverInside(folder, uid, isOwned ? SEARCH_DEPTH : Number.POSITIVE_INFINITY)
}

async function handOverInside(folder: string, uid: number, depth: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const folders = await Promise.all(
      entries.slice(at, at + AT_ONCE).map(async (entry) => {
        const path = join(folder, entry.name)
        const isOwned = await own(path, uid)
        return entry.isDirectory() ? { path, depth: isOwned ? depth - 1 : Infinity } : undefined
      }),
    )
    for (const next of folders) {
      if (next && next.depth > 0) await handOverInside(next.path, uid, next.depth)
    }
  }
}

/** Whether it belonged to the user before. */
async function own(path: string, uid: number): Promise<boolean> {
  const stat = await lstat(path)
  if (stat.uid === uid && stat.gid === uid) return true
  await lchown(path, uid, uid)
  return false
}
