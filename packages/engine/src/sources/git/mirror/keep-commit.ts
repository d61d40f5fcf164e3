import {
  chmod,
  constants,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { HostRemote } from '../remote.ts'
import { type GitWork, REPOSITORY } from '../run-git.ts'
import { keptName } from './kept-name.ts'
import { makeRoom } from './make-room.ts'
import { isMirrored, mirrorPrefix, mirrorsOf, UNFINISHED } from './mirror-places.ts'

/**
 * Adds what a fetch of a commit, or of a part of it, has brought to the repository's mirror, or
 * begins one with it. Never throws: what can not be kept costs the next build's time, not this
 * build.
 */
export async function keepCommit(
  work: GitWork,
  commit: string,
  path: string | undefined,
): Promise<void> {
  const { remote, context, isPartial } = work
  if (!isMirrored(remote, context)) return
  try {
    const packs = await packsOf(work, commit)
    if (packs.length === 0) return
    const bytes = await add(work, remote, keptName(commit, isPartial ? path : undefined), packs)
    await makeRoom(context, bytes)
  } catch (error) {
    context.reporter.log(`The mirror of the repository is not kept: ${codeOf(error)}`)
  }
}

/** The packs that came; none where the mirror had all, or where the whole history had to come. */
async function packsOf({ bench }: GitWork, commit: string): Promise<string[]> {
  const repository = await bench.folder('git')
  const alone = await readFile(join(repository, 'shallow'), 'utf8').catch(() => '')
  if (!alone.split('\n').includes(commit)) return []
  const names = await readdir(join(repository, 'objects/pack'))
  const packs = names.filter((name) => PACK.test(name))
  return Promise.all(packs.map((name) => bench.outside(`${REPOSITORY}/objects/pack/${name}`)))
}

/** With the mark of what may lack objects that the server promises, as packs of a part have it. */
const PACK = /^pack-[0-9a-f]+\.(?:pack|idx|promisor)$/

/**
 * One rename makes it visible, whole. It fails where another build has added it, and where
 * the mirror that this fetch was built upon is gone: without that it would lack what that had.
 * Answers the bytes that were added.
 */
async function add(
  { context, mirror }: GitWork,
  remote: HostRemote,
  kept: string,
  packs: readonly string[],
): Promise<number> {
  const parent = mirrorsOf(context)
  // Builds run as other users, who get through here by names that nobody guesses.
  await mkdir(parent, { recursive: true, mode: 0o711 })
  const made = await mkdtemp(join(parent, UNFINISHED))
  try {
    const bytes = await copyInto(join(made, 'pack'), packs)
    await chmod(made, FOLDER_MODE)
    const folder = mirror?.folder ?? (await begin(join(parent, mirrorPrefix(remote))))
    await rename(made, join(folder, kept))
    return bytes
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error
    return 0
  }
}

const FOLDER_MODE = 0o755
const FILE_MODE = 0o444

/** As files of the worker's own: those in the scratch are the build's user's. */
async function copyInto(folder: string, packs: readonly string[]): Promise<number> {
  await mkdir(folder)
  let bytes = 0
  for (const pack of packs) {
    const kept = join(folder, basename(pack))
    await copyFile(pack, kept, constants.COPYFILE_FICLONE)
    await chmod(kept, FILE_MODE)
    bytes += (await stat(kept)).size
  }
  await chmod(folder, FOLDER_MODE)
  return bytes
}

async function begin(prefix: string): Promise<string> {
  const folder = await mkdtemp(prefix)
  await chmod(folder, FOLDER_MODE)
  return folder
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
