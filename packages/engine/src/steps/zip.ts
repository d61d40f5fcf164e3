import { join } from 'node:path'
import {
  type Archive,
  type ArchiveContent,
  type ArchiveEntry,
  openArchive,
  type PackedFile,
  unpackArchive,
  writeZip,
} from '@packline/archive'
import { type BuildRequest, LIMITS } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Journal } from '../journal.ts'
import type { Package } from '../package.ts'
import type { FetchedSource } from '../sources/source.ts'
import type { Workbench } from '../workbench.ts'
import type { MadePackage } from './make.ts'
import { archiveLimits } from './unpack.ts'

/** What one entry adds to its content: two headers, each with the name in UTF-8. */
const HEADERS_BYTES = 150
const NAME_BYTES_MAX = 2 * 3

/** Writes the package, or passes a finished one through, and opens it again through the gate. */
export async function zip(
  made: MadePackage,
  fetched: FetchedSource,
  request: BuildRequest,
  context: BuildContext,
  bench: Workbench,
  journal: Journal,
): Promise<Package> {
  const packed = await zipOne(made, fetched, context, bench, journal)
  const { file, format } = packed
  const { directDeployBytesMax } = context.profile.limits
  if (format === 'zip' || file.size <= directDeployBytesMax) return packed
  // From object storage, the only way for this size, the platform takes ZIPs (package-size).
  const path = `${request.function}.jar`
  journal.mended.push(`put into a ZIP as ${path}: a jar of this size can not be deployed`)
  const content = 'bytes' in file.content ? file.content.bytes : file.content
  const entries = [{ path, executable: false, size: file.size, content }]
  return zipOne({ format: 'zip', entries, untouched: false }, fetched, context, bench, journal)
}

async function zipOne(
  made: MadePackage,
  fetched: FetchedSource,
  context: BuildContext,
  bench: Workbench,
  journal: Journal,
): Promise<Package> {
  const open = async (digest: Digest): Promise<Package> => {
    const { signal } = context
    const archive = await openArchive(digest.content, { limits: archiveLimits(context), signal })
    bench.atEnd(() => archive.close())
    return packageOf(archive, digest, made.format, bench, signal)
  }
  if (made.untouched && 'archive' in fetched) {
    const finished = await open({ ...fetched, content: fetched.archive })
    // A jar's entries are read, never made files: their modes mean nothing.
    if (made.format === 'jar' || finished.archive.entries.every(hasPlainMode)) return finished
    journal.mended.push('modes set to 0644 and 0755')
  }
  return open(await write(made, context, bench))
}

interface Digest {
  content: ArchiveContent
  size: number
  sha256: string
}

/** Rule file-modes; a maker that wrote no modes leaves them to who unpacks. */
function hasPlainMode({ kind, mode }: ArchiveEntry): boolean {
  if (kind === 'link' || mode === undefined || mode === 0o755) return true
  // A folder that only its owner may enter hides all that lies in it.
  return kind === 'file' && mode === 0o644
}

/** An archive that passed the gate, as the checks look at it. */
export function packageOf(
  archive: Archive,
  digest: Digest,
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
  const size = made.entries.reduce((sum, { path, size }) => {
    return sum + size + HEADERS_BYTES + NAME_BYTES_MAX * path.length
  }, 0)
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
