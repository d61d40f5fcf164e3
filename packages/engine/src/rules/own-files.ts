import { type Archive, type ArchiveEntry, openArchive } from '@packline/archive'
import { LIMITS } from '@packline/shared'
import { isInstalledPath, recordedFiles } from '../installed-files.ts'
import type { Subject } from '../runtimes/runtime.ts'
import { archiveLimits } from '../steps/unpack.ts'

/** A file that the user wrote; `shown` says where it lies, also inside the function's own jar. */
export interface OwnFile {
  /** Of an entry of the package. */
  path: string
  shown: string
  size: number
  read(bytesMax: number): Promise<Buffer>
}

/** The files that the user wrote: all but those that an installer put into the package. */
export async function ownFiles(subject: Subject): Promise<OwnFile[]> {
  const { archive, installed } = subject.package
  const recorded = await recordedFiles(archive.entries, archive.read)
  const own = filesOf(archive).filter(({ path }) => !installed.has(path) && !recorded.has(path))
  const jar = await functionJar(subject)
  return [...own, ...(jar ? filesOf(jar.archive, jar.path) : [])]
}

function filesOf(archive: Archive, jar?: string): OwnFile[] {
  const files = archive.entries.filter(
    ({ kind, path }) => kind === 'file' && !isInstalledPath(path),
  )
  return files.map(({ path, size }) => ({
    path: jar ?? path,
    shown: jar === undefined ? path : `${jar}!/${path}`,
    size,
    read: (bytesMax) => archive.read(path, bytesMax),
  }))
}

/** In a ZIP of jars the one that has the handler's class; all others are libraries. */
async function functionJar({ handler, package: { archive }, profile, signal }: Subject) {
  if (handler?.form !== 'package.Class.method' || archive.format === 'jar') return undefined
  const wanted = `${handler.class.replaceAll('.', '/')}.class`
  for (const { path } of archive.entries.filter(mayBeOwnJar)) {
    const bytes = await archive.read(path, LIMITS.memoryTreeBytesMax)
    const limits = archiveLimits({ profile })
    // What is no jar is told by the rules of Java.
    const jar = await openArchive({ bytes }, { limits, signal }).catch(() => undefined)
    if (jar?.entries.some((entry) => entry.path === wanted)) return { path, archive: jar }
  }
  return undefined
}

/** Opened from memory, which needs no closing. */
function mayBeOwnJar({ kind, path, size }: ArchiveEntry): boolean {
  return kind === 'file' && /^[^/]+\.jar$/i.test(path) && size <= LIMITS.memoryTreeBytesMax
}
