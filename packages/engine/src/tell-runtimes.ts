import { type Archive, type ArchiveContent, openArchive } from '@packline/archive'
import type { Profile, RuntimeName } from '@packline/shared'
import { type MemoryFile, memoryTree } from './memory-tree.ts'
import { detectRuntimes } from './steps/choose.ts'
import { archiveLimits } from './steps/unpack.ts'
import { type Tree, wrappingFolder } from './tree.ts'

/** Manifests stand at the root; whatever is larger than this is none. */
const MANIFEST_BYTES_MAX = 256 * 1024

/** A runtime that a package could be of, and the file that tells. */
export interface ToldRuntime {
  runtime: RuntimeName
  because: string
}

/**
 * Of which runtimes a finished package could be, by its files: those whose kind of package it looks
 * like, where there are any. Throws an `ArchiveRefusal` for what is no safe archive.
 */
export async function tellRuntimes(
  content: ArchiveContent,
  profile: Profile,
  signal: AbortSignal,
): Promise<ToldRuntime[]> {
  const archive = await openArchive(content, { limits: archiveLimits({ profile }), signal })
  try {
    const found = await detected(memoryTree(await namesOf(archive)))
    const finished = found.filter(({ detection }) => detection.finished !== undefined)
    const likely = finished.length > 0 ? finished : found
    return likely.map(({ runtime, detection }) => ({
      runtime: runtime.id,
      because: detection.finished ?? detection.because,
    }))
  } finally {
    await archive.close()
  }
}

/** One that lies in a folder fails by the rule that says so, and not because nobody knows it. */
async function detected(tree: Tree) {
  const found = await detectRuntimes(tree)
  const folder = found.length > 0 ? undefined : wrappingFolder(tree.files)
  return folder === undefined ? found : detectRuntimes(await tree.below(folder))
}

/** Detection reads names and manifests: nothing else is unpacked. */
async function namesOf(archive: Archive): Promise<MemoryFile[]> {
  const files: MemoryFile[] = []
  for (const { path, kind, executable, linkTarget, size } of archive.entries) {
    if (kind === 'folder') continue
    const isManifest = kind === 'file' && !path.includes('/') && size <= MANIFEST_BYTES_MAX
    const bytes = isManifest ? await archive.read(path, MANIFEST_BYTES_MAX) : Buffer.alloc(0)
    files.push({ path, executable, bytes, linkTarget })
  }
  return files
}
