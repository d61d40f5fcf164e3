import { join } from 'node:path'
import { openArchive, type PackedFile, unpackArchive, writeZip } from '@packline/archive'
import { LIMITS } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Package } from '../package.ts'
import type { FetchedSource } from '../sources/source.ts'
import type { Workbench } from '../workbench.ts'
import type { MadePackage } from './make.ts'
import { archiveLimits } from './unpack.ts'

/** Writes the package, or passes a finished one through, and opens it again through the gate. */
export async function zip(
  made: MadePackage,
  fetched: FetchedSource,
  context: BuildContext,
  bench: Workbench,
): Promise<Package> {
  const through = made.untouched && 'archive' in fetched ? fetched : undefined
  const written = through ? undefined : await write(made, context, bench)
  const content = through?.archive ?? written?.content
  if (content === undefined) throw new Error('neither written nor passed through')
  const limits = archiveLimits(context)
  const archive = await openArchive(content, { limits, signal: context.signal })
  const file: PackedFile = written ?? {
    content,
    size: through?.size ?? 0,
    sha256: through?.sha256 ?? '',
    entries: archive.entries.filter((entry) => entry.kind !== 'folder').length,
    unpackedSize: archive.unpackedSize,
  }
  return { format: made.format, file, archive, folder: once(() => unpackTo(bench)) }

  async function unpackTo(place: Workbench): Promise<string> {
    const folder = await place.folder('code')
    await unpackArchive(archive, folder, { signal: context.signal })
    return folder
  }
}

async function write(
  made: MadePackage,
  context: BuildContext,
  bench: Workbench,
): Promise<PackedFile> {
  const size = made.entries.reduce((sum, entry) => sum + entry.size, 0)
  const options = { signal: context.signal, jar: made.format === 'jar' }
  if (size <= LIMITS.memoryTreeBytesMax) {
    return writeZip(
      made.entries,
      { memory: true, bytesMax: 2 * LIMITS.memoryTreeBytesMax },
      options,
    )
  }
  const path = join(await bench.folder('package'), `package.${made.format}`)
  return writeZip(made.entries, { path }, options)
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => {
    running ??= work()
    return running
  }
}
