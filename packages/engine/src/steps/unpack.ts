import { type Archive, openArchive, unpackArchive, unpackTar } from '@packline/archive'
import { checkFormat, LIMITS } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import { folderTree } from '../folder-tree.ts'
import { type MemoryFile, memoryTree } from '../memory-tree.ts'
import type { Order } from '../runtimes/runtime.ts'
import type { FetchedSource } from '../sources/source.ts'
import type { Tree } from '../tree.ts'
import type { Workbench } from '../workbench.ts'

/** The source's files. An archive passes the gate before anything of it is written. */
export async function unpack(
  fetched: FetchedSource,
  order: Order,
  context: BuildContext,
  bench: Workbench,
): Promise<Tree> {
  if ('tree' in fetched) return fetched.tree
  if ('tarball' in fetched) {
    const folder = await bench.folder('source')
    const { signal } = context
    await unpackTar(fetched.tarball, folder, { limits: archiveLimits(order), signal })
    return await folderTree(folder)
  }
  const archive = await openArchive(fetched.archive, {
    limits: archiveLimits(order),
    entryNameEncoding: order.request.build.entryNameEncoding,
    signal: context.signal,
  })
  try {
    checkFormat(archive.format, order.request)
    if (archive.unpackedSize <= LIMITS.memoryTreeBytesMax) return await inMemory(archive)
    const folder = await bench.folder('source')
    await unpackArchive(archive, folder, { signal: context.signal })
    return await folderTree(folder)
  } finally {
    await archive.close()
  }
}

/** What an archive may hold, from the profile (rule unpacked-size) and our own bounds. */
export function archiveLimits({ profile }: Pick<Order, 'profile'>) {
  return {
    entriesMax: LIMITS.archiveEntriesMax,
    unpackedBytesMax: profile.limits.unpackedBytesMax,
    ratioMax: LIMITS.archiveRatioMax,
  }
}

async function inMemory(archive: Archive): Promise<Tree> {
  const files: MemoryFile[] = []
  for (const { path, executable, linkTarget, size, kind } of archive.entries) {
    if (kind === 'folder') continue
    const bytes = kind === 'link' ? Buffer.alloc(0) : await archive.read(path, size)
    files.push({ path, executable, bytes, linkTarget })
  }
  return memoryTree(files)
}
