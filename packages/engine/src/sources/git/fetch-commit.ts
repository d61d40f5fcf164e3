import { checkOut } from './check-out.ts'
import { explain, isNotThere, mayGiveHistory } from './explain.ts'
import { keepCommit } from './mirror/keep-commit.ts'
import { withMirror } from './mirror/with-mirror.ts'
import { isCommit } from './remote.ts'
import { closeRepository, openRepository } from './repository.ts'
import { type GitWork, mustGit, runGit, SERVER } from './run-git.ts'

/** All branches and tags, for servers that give no single commit. */
const EVERYTHING = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']

/**
 * Checks a commit out into the build's source folder, or what of it lies at `path`, of which no
 * other files are fetched. Gives its id, which `pin` was told first.
 * Throws SOURCE_NOT_FOUND, SOURCE_NOT_ALLOWED, SOURCE_UNREACHABLE.
 */
export async function fetchCommit(
  work: GitWork,
  path: string | undefined,
  pin: (commit: string) => Promise<void>,
): Promise<string> {
  let { ref } = work
  const make = async (own: GitWork): Promise<string> => {
    await openRepository(own)
    const commit = await fetchOne({ ...own, ref })
    // What is tried again is the commit that was told, wherever a branch may stand by then.
    ref = commit
    await pin(commit)
    const checkedOut = await checkOut(own, commit, path)
    if (checkedOut.exitCode === 0) {
      await keepCommit(own, commit, path)
      return commit
    }
    if (!own.isPartial || !mayGiveHistory(checkedOut)) throw explain(checkedOut, own)
    // In git's first protocol files are left out, and then not given alone.
    await closeRepository(own)
    return withMirror(work, make)
  }
  return withMirror({ ...work, isPartial: path !== undefined }, make)
}

/**
 * One commit where the server gives one, else the whole history and the commit out of it. The
 * server is asked in any case, and what it does not give is not taken from the mirror: with a depth
 * git never is content with what is there.
 */
export async function fetchOne(work: GitWork): Promise<string> {
  const { remote, ref, context, mirror, isPartial } = work
  const message = remote.kind === 'host' ? remote.url : remote.path
  context.reporter.event({
    type: 'stage',
    stage: 'git fetch',
    command: `git fetch ${message} ${ref}`,
  })
  const plain = ['fetch', '-q', '--no-tags', '--no-recurse-submodules']
  const from = [...(isPartial ? ['--filter=blob:none'] : []), '--', SERVER]
  const known = mirror?.commits.map((one) => `--negotiation-tip=${one}`) ?? []
  const shallow = [...plain, '--depth', '1', ...known, ...from, ref]
  const fetched = await runGit(work, shallow, 'source-host')
  if (fetched.exitCode === 0) return commitOf(work, 'FETCH_HEAD')
  // Where even files are spared all history would be too much for a commit that is not there.
  if (!mayGiveHistory(fetched) || (isPartial && isNotThere(fetched))) throw explain(fetched, work)
  if (mirror) throw new Error('a whole history is fetched without the mirror')
  const refs = isCommit(ref) ? EVERYTHING : [ref]
  await mustGit(work, [...plain, ...from, ...refs], 'source-host')
  return commitOf(work, isCommit(ref) ? ref : 'FETCH_HEAD')
}

async function commitOf(work: GitWork, revision: string): Promise<string> {
  const asked = ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`]
  const { stdout } = await mustGit(work, asked, 'none')
  const commit = stdout.trim()
  if (isCommit(commit)) return commit
  throw new Error(`git rev-parse answered ${JSON.stringify(commit.slice(0, 100))}`)
}
