import { join } from 'node:path'
import {
  type Archive,
  type ArchiveContent,
  openArchive,
  type PackedFile,
  unpackArchive,
  writeZip,
} from '@packline/archive'
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
  const { size, sha256, content } = through
    ? { ...through, content: through.archive }
    : await write(made, context, bench)
  const { signal } = context
  const archive = await openArchive(content, { limits: archiveLimits(context), signal })
  bench.atEnd(() => archive.close())
  return packageOf(archive, { content, size, sha256 }, made.format, bench, signal)
}

/** An archive that passed the gate, as the checks look at it. */
export function packageOf(
  archive: Archive,
  digest: { content: ArchiveContent; size: number; sha256: string },
  format: 'zip' | 'jar',
  bench: Workbench,
  signal: AbortSignal,
): Package {
  const entries = archive.entries.filter((entry) => entry.kind !== 'folder').length
  const file: PackedFile = { ...digest, entries, unpackedSize: archive.unpackedSize }
  const folder = once(async () => {
    const path = await bench.folder('code')
    await unpackArchive(archive, path, { signal })
    return path
  })
  return { format, file, archive, folder }
}

async function write(
  made: MadePackage,
  context: BuildContext,
  bench: Workbench,
): Promise<PackedFile> {
  const size = made.entries.reduce((sum, entry) => sum + entry.size, 0)
  const options = { signal: context.signal, jar: made.format === 'jar' }
  if (size <= LIMITS.memoryTreeBytesMax) {
    const memory = { memory: true, bytesMax: 2 * LIMITS.memoryTreeBytesMax } as const
    return writeZip(made.entries, memory, options)
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
