import { isDeepStrictEqual } from 'node:util'
import { type ListedFunction, PacklineError, type Words } from '@packline/shared'
import { fetchOne } from '../sources/git/fetch-commit.ts'
import type { GitWork } from '../sources/git/run-git.ts'
import { warnings } from '../texts/warnings.ts'
import { entriesAtOther, type Listing } from './list-functions.ts'
import { entriesAt } from './trees.ts'

/** Where a range begins. */
export interface RangeBegin {
  /** A commit in full: what has changed since then is touched. Without it all are. */
  since?: string
  /** There are commits of a branch before it that nobody has read, as far as we know. */
  gap?: {
    /** In full: refs/heads/main. */
    branch: string
    /** The last commit that was read; undefined where there is none. */
    read?: string
  }
}

/** A commit that was fetched, and what it lists. */
interface Tip {
  commit: string
  functions: readonly ListedFunction[]
  listing: Listing
}

type IsSo = (one: ListedFunction) => boolean

interface Range {
  isTouched: IsSo
  isOvertaken: IsSo
  behind: boolean
  warnings: Words[]
}

/**
 * Which functions a range of commits touched that ends at `tip`. Where there is a gap before it and
 * the branch is at `tip`, all that has changed since the gap began counts, too. A commit that the
 * branch has left behind leaves the gap, and what the head has otherwise, to whoever builds that.
 */
export async function readRange(
  work: GitWork,
  tip: Tip,
  { since, gap }: RangeBegin,
): Promise<Range> {
  const warned: Words[] = []
  const isOwn = await changedSince(work, since, tip, warned)
  const range = { isTouched: isOwn, isOvertaken: () => false, behind: false, warnings: warned }
  if (!gap) return range
  const head = await fetchIfThere(work, gap.branch)
  if (head !== tip.commit) {
    const isOvertaken = head === undefined ? () => false : await changedFrom(work, head, tip)
    return { ...range, isOvertaken, behind: true }
  }
  if (since === undefined) return range
  const isMissed = await changedSince(work, gap.read, tip, warned)
  warned.push(warnings.missedPushes(gap.read))
  return { ...range, isTouched: (one) => isOwn(one) || isMissed(one) }
}

/** Everything, where there is no earlier commit, or the server has it no more. */
async function changedSince(
  work: GitWork,
  earlier: string | undefined,
  tip: Tip,
  warned: Words[],
): Promise<IsSo> {
  if (earlier === undefined) return () => true
  if (await fetchIfThere(work, earlier)) return changedFrom(work, earlier, tip)
  warned.push(warnings.commitGone(earlier))
  return () => true
}

/** The commit; undefined where it is there no more, as after a force push, or the branch is. */
async function fetchIfThere(work: GitWork, ref: string): Promise<string | undefined> {
  try {
    return await fetchOne({ ...work, ref })
  } catch (error) {
    if (error instanceof PacklineError && error.code === 'SOURCE_NOT_FOUND') return undefined
    throw error
  }
}

/** Compares what two commits hold, of which the other may be the earlier or the later one. */
async function changedFrom(
  work: GitWork,
  other: string,
  { commit, functions, listing }: Tip,
): Promise<IsSo> {
  const paths = functions.flatMap(pathsOf)
  const [old, now] = [await entriesAt(work, other, paths), await entriesAt(work, commit, paths)]
  const entries = await entriesAtOther(work, other, listing)
  return (one) =>
    pathsOf(one).some((path) => !isDeepStrictEqual(old.get(path), now.get(path))) ||
    (entries !== undefined && !isDeepStrictEqual(entries.get(one.function), one))
}

function pathsOf({ path = '', shared = [] }: ListedFunction): string[] {
  return [path, ...shared]
}
