import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildContext } from '../../../context.ts'
import { isCommit, type Remote } from '../remote.ts'
import { commitIn } from './kept-name.ts'
import { isMirrored, mirrorPrefix, mirrorsOf } from './mirror-places.ts'

/** What earlier fetches of a repository brought. It is added to; what is there never changes. */
export interface Mirror {
  folder: string
  /** Folders of objects: what a commit, or a part of one, has beyond those before it. */
  kept: readonly string[]
  /** The commits that those are of, without their history. */
  commits: readonly string[]
}

/** Where git sees it, read-only. */
export const MIRROR = '/mirror'

/** Each is a line of what git tells the server. */
const COMMITS_MAX = 32
/** Each has packs that git searches. Many functions of one commit are built at once. */
const KEPT_MAX = 128

/**
 * The repository's mirror, marked as used. Undefined where none is or it is full.
 * `isPartial`: with commits of which only parts are there; what they lack the server has to send.
 */
export async function findMirror(
  remote: Remote,
  context: BuildContext,
  isPartial = false,
): Promise<Mirror | undefined> {
  if (!isMirrored(remote, context)) return undefined
  const parent = mirrorsOf(context)
  const prefix = mirrorPrefix(remote)
  // Two first fetches at once have begun two: in order, all that come later take the same.
  for (const name of (await namesIn(parent)).sort()) {
    if (!name.startsWith(prefix)) continue
    const folder = join(parent, name)
    const all = (await namesIn(folder)).filter((kept) => commitIn(kept) !== undefined)
    const isFull = all.length >= KEPT_MAX || commitsOf(all).length >= COMMITS_MAX
    if (all.length === 0 || isFull) continue
    const now = new Date()
    // One that another user's worker began is marked by that worker alone.
    await utimes(folder, now, now).catch(() => undefined)
    const kept = isPartial ? all : all.filter(isCommit)
    return { folder, kept, commits: commitsOf(kept) }
  }
  return undefined
}

function commitsOf(kept: readonly string[]): string[] {
  return [...new Set(kept.map((name) => commitIn(name) ?? name))]
}

/** What can not be listed is not there, or is another user's: the build does without. */
function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}
