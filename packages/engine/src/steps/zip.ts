import { join } from 'node:path'
import {
  type Archive,
  type ArchiveContent,
  type ArchiveEntry,
  openArchive,
  type PackageEntry,
  type PackedFile,
  unpackArchive,
  writeZip,
} from '@packline/archive'
import { type BuildRequest, LIMITS, SPLIT_PREFIX } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Journal } from '../journal.ts'
import type { AttachedPackage, Package } from '../package.ts'
import type { FetchedSource } from '../sources/source.ts'
import { mendings, NO_JAR } from '../texts/told.ts'
import type { Workbench } from '../workbench.ts'
import type { MadePackage } from './make.ts'
import { archiveLimits } from './unpack.ts'

/** Names in the build's scratch: of the function's own package, and of what is split off. */
const CODE = 'code'
const SPLIT = 'split'
/** As many as tell packages of one tenant apart for certain, in a name of at most 96 characters. */
const SPLIT_DIGITS = 32
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
  const { sourceMap, bundled } = made
  const packed = { ...(await zipOne(made, fetched, context, bench, journal)), sourceMap, bundled }
  const { file, format } = packed
  if (made.split) return { ...packed, split: await zipApart(made.split, request, context, bench) }
  const why = format === 'jar' ? noJar(file.size, request, context) : undefined
  if (why === undefined) return packed
  const path = `${request.function}.jar`
  journal.mended.push(mendings.intoZip(path, why))
  const content = 'bytes' in file.content ? file.content.bytes : file.content
  const entries = [{ path, executable: false, size: file.size, content }]
  const wrapped = { ...made, format: 'zip', entries, untouched: false } as const
  return zipOne(wrapped, fetched, context, bench, journal)
}

/** Why the platform does not take the jar as it is, or undefined. */
function noJar(size: number, { type }: BuildRequest, { profile }: BuildContext) {
  if (type === 'dependency') return NO_JAR.ofDependencies
  // From object storage, the only way for this size, the platform takes ZIPs (package-size).
  const isLarge = size > profile.limits.directDeployBytesMax
  return isLarge ? NO_JAR.tooLarge : undefined
}

/** Named by its content: builds that split off the same make the same one. */
async function zipApart(
  entries: readonly PackageEntry[],
  { runtime }: BuildRequest,
  context: BuildContext,
  bench: Workbench,
): Promise<AttachedPackage> {
  const file = await write({ format: 'zip', entries }, SPLIT, context, bench)
  const packed = await open(file, 'zip', SPLIT, context, bench)
  const name = `${SPLIT_PREFIX}${runtime}-${file.sha256.slice(0, SPLIT_DIGITS)}`
  return { ...packed, name, revision: 1 }
}

async function zipOne(
  made: MadePackage,
  fetched: FetchedSource,
  context: BuildContext,
  bench: Workbench,
  journal: Journal,
): Promise<Package> {
  const { format } = made
  if (made.untouched && 'archive' in fetched) {
    const digest = { ...fetched, content: fetched.archive }
    const finished = await open(digest, format, CODE, context, bench)
    // A jar's entries are read, never made files: their modes mean nothing.
    if (format === 'jar' || finished.archive.entries.every(hasPlainMode)) return finished
    journal.mended.push(mendings.modes())
  }
  const packed = await open(await write(made, CODE, context, bench), format, CODE, context, bench)
  return { ...packed, installed: made.installed ?? packed.installed }
}

interface Digest {
  content: ArchiveContent
  size: number
  sha256: string
}

/** `place`: the folder of the bench that it is unpacked to, when that is asked for. */
async function open(
  digest: Digest,
  format: 'zip' | 'jar',
  place: string,
  context: BuildContext,
  bench: Workbench,
): Promise<Package> {
  const { signal } = context
  const archive = await openArchive(digest.content, { limits: archiveLimits(context), signal })
  bench.atEnd(() => archive.close())
  return packageOf(archive, digest, format, bench, signal, place)
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
  place = CODE,
): Package {
  const entries = archive.entries.filter((entry) => entry.kind !== 'folder').length
  const file: PackedFile = { ...digest, entries, unpackedSize: archive.unpackedSize }
  const folder = once(async () => {
    // A tool may have put a link there: it is not written through.
    await bench.removeFolder(place)
    const path = await bench.folder(place)
    await unpackArchive(archive, path, { signal })
    return path
  })
  return { format, file, archive, folder, installed: new Set() }
}

async function write(
  made: Pick<MadePackage, 'format' | 'entries'>,
  place: string,
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
  const path = join(await bench.folder('package'), `${place}.${made.format}`)
  return writeZip(made.entries, { path }, options)
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => {
    running ??= work()
    return running
  }
}
