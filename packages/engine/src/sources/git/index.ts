import { failed, LIMITS, type SourceOf, type SourcePin } from '@packline/shared'
import type { BuildContext } from '../../context.ts'
import { folderTree } from '../../folder-tree.ts'
import { gitFailures } from '../../texts/failures/git.ts'
import { warning, warnings } from '../../texts/warnings.ts'
import type { Tree } from '../../tree.ts'
import type { Source } from '../source.ts'
import { manifestsIn } from '../workspace-manifests.ts'
import { ATTRIBUTES, SUBMODULES } from './check-out.ts'
import { fetchCommit } from './fetch-commit.ts'
import { openWork } from './open-work.ts'

const ATTRIBUTES_BYTES_MAX = 256 * 1024

/**
 * A commit of a repository, or a folder of it. Only that is fetched where the server allows; hooks,
 * filters and submodules are not run. Throws INVALID_REQUEST for a hostile ref.
 */
export const gitSource: Source<'git'> = {
  kind: 'git',
  fetch: async (spec, context, bench) => {
    const { url, ref, path, credential } = spec
    const pinned = context.pinned?.kind === 'git' ? context.pinned.commit : undefined
    const work = await openWork({ url, ref: pinned ?? ref, credential }, context, bench)
    const pinOf = (commit: string) => ({ kind: 'git', url, ref, commit, path }) satisfies SourcePin
    const commit = await fetchCommit(work, path, (found) => context.reporter.pin(pinOf(found)))
    const folder = await bench.folder('source')
    await warn(folder, context)
    const around = async () =>
      path === undefined ? undefined : { tree: await manifestsIn(folder), path }
    return { pin: pinOf(commit), tree: await treeOf(folder, spec, context), around }
  },
}

/** What a checkout elsewhere would have and this one has not. */
async function warn(folder: string, { reporter }: BuildContext): Promise<void> {
  const told = [ATTRIBUTES, SUBMODULES]
  const tree = await folderTree(folder, { leaveOut: (path) => !told.includes(path) })
  if (tree.find(SUBMODULES)) reporter.event(warning(warnings.submodules()))
  const attributes = tree.find(ATTRIBUTES)
  if (!attributes || attributes.linkTarget || attributes.size > ATTRIBUTES_BYTES_MAX) return
  const text = (await tree.read(ATTRIBUTES, ATTRIBUTES_BYTES_MAX)).toString('utf8')
  if (/filter\s*=/.test(text)) reporter.event(warning(warnings.filters()))
}

type GitSpec = SourceOf<'git'>

/** All limits hold for what is taken, whatever else the commit has. */
async function treeOf(folder: string, spec: GitSpec, { profile }: BuildContext): Promise<Tree> {
  const tree = await takenTree(folder, spec)
  const size = tree.files.reduce((sum, file) => sum + file.size, 0)
  const { unpackedBytesMax } = profile.limits
  if (size <= unpackedBytesMax && tree.files.length <= LIMITS.archiveEntriesMax) return tree
  const found = [tree.files.length, size] as const
  const most = [LIMITS.archiveEntriesMax, unpackedBytesMax] as const
  throw failed('UNPACKED_TOO_LARGE', gitFailures.tooLarge(spec.path, ...found, ...most))
}

async function takenTree(folder: string, { path, url }: GitSpec): Promise<Tree> {
  if (path === undefined) return folderTree(folder)
  const isOnTheWay = (found: string) => path === found || path.startsWith(`${found}/`)
  const leaveOut = (found: string) => !isOnTheWay(found) && !found.startsWith(`${path}/`)
  const tree = await folderTree(folder, { leaveOut })
  if (tree.files.some((file) => file.path.startsWith(`${path}/`))) return tree.below(path)
  const isFile = tree.find(path) !== undefined
  throw failed('SOURCE_NOT_FOUND', gitFailures.noFolder(path, isFile, url))
}
