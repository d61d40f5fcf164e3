import { realpath, stat } from 'node:fs/promises'
import { LIMITS, PacklineError, type SourcePin } from '@packline/shared'
import type { BuildContext } from '../../context.ts'
import { folderTree } from '../../folder-tree.ts'
import { missing } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import type { Workbench } from '../../workbench.ts'
import type { Source } from '../source.ts'
import { fetchCommit } from './fetch-commit.ts'
import { checkRef, type Remote, remoteOf } from './remote.ts'

const ATTRIBUTES_BYTES_MAX = 256 * 1024

/**
 * A commit of a repository, or a folder of it. Only its files are fetched where the server allows;
 * hooks, filters and submodules are not run. Throws INVALID_REQUEST for a hostile ref.
 */
export const gitSource: Source<'git'> = {
  kind: 'git',
  fetch: async (spec, context, bench) => {
    const remote = await existing(remoteOf(spec.url, context))
    checkRef(spec.ref)
    if (!context.tools.git) {
      const { what, mend } = missing('git')
      throw new PacklineError('TOOL_MISSING', what, { hint: mend })
    }
    const { url, ref, path } = spec
    const pinned = context.pinned?.kind === 'git' ? context.pinned.commit : undefined
    const work = { git: context.tools.git, remote, ref: pinned ?? ref, context, bench }
    const pinOf = (commit: string) => ({ kind: 'git', url, ref, commit, path }) satisfies SourcePin
    const commit = await fetchCommit(work, (found) => context.reporter.pin(pinOf(found)))
    const tree = await treeOf(bench, context)
    await warn(tree, context)
    return { pin: pinOf(commit), tree: await folderOf(tree, path, url) }
  },
}

/** git's own message for a path that is not there speaks of access rights. */
async function existing(remote: Remote): Promise<Remote> {
  if (remote.kind === 'host') return remote
  const found = await stat(remote.path).catch(() => undefined)
  if (found?.isDirectory()) return { kind: 'local', path: await realpath(remote.path) }
  throw new PacklineError('SOURCE_NOT_FOUND', `There is no repository at ${remote.path}`, {
    hint: 'Name the folder of the repository on the worker.',
  })
}

async function treeOf(bench: Workbench, { profile }: BuildContext): Promise<Tree> {
  const tree = await folderTree(await bench.folder('source'))
  const size = tree.files.reduce((sum, file) => sum + file.size, 0)
  const { unpackedBytesMax } = profile.limits
  if (size <= unpackedBytesMax && tree.files.length <= LIMITS.archiveEntriesMax) return tree
  throw new PacklineError(
    'UNPACKED_TOO_LARGE',
    `The commit has ${tree.files.length} files of ${size} bytes; at most ${LIMITS.archiveEntriesMax} files of ${unpackedBytesMax} bytes are taken`,
    { hint: 'Keep what the function does not need in another repository.' },
  )
}

/** What a checkout elsewhere would have and this one has not. */
async function warn(tree: Tree, { reporter }: BuildContext): Promise<void> {
  if (tree.find('.gitmodules')) {
    reporter.event({ type: 'warning', message: 'Submodules of the repository are left out.' })
  }
  const attributes = tree.find('.gitattributes')
  if (!attributes || attributes.linkTarget || attributes.size > ATTRIBUTES_BYTES_MAX) return
  const text = (await tree.read('.gitattributes', ATTRIBUTES_BYTES_MAX)).toString('utf8')
  if (!/filter\s*=/.test(text)) return
  const message = 'Filters of .gitattributes are not run: files of Git LFS are only pointers.'
  reporter.event({ type: 'warning', message })
}

async function folderOf(tree: Tree, path: string | undefined, url: string): Promise<Tree> {
  if (path === undefined) return tree
  if (tree.files.some((file) => file.path.startsWith(`${path}/`))) return tree.below(path)
  const found = tree.find(path) ? `"${path}" is a file` : `there is no folder "${path}"`
  throw new PacklineError('SOURCE_NOT_FOUND', `${found} in the commit of ${url}`, {
    hint: 'source.path is the folder of the function, from the root of the repository.',
  })
}
