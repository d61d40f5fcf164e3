import { constants } from 'node:fs'
import { chmod, mkdir, open, readdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failed, isDiskFull, PacklineError } from '@packline/shared'
import type { Archive, ArchiveEntry } from './archive.ts'
import { WHOLE_BYTES_MAX } from './entry-content.ts'

interface UnpackOptions {
  signal?: AbortSignal
}

/** Files written at once; more only wait for the four threads of Node's pool. */
const FILES_AT_ONCE = 4
const FOLDER_MODE = 0o755
/** A name that is there already, or a link, is not written through. */
export const NEW_FILE =
  constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW

/**
 * Writes everything below `folder`, which is made or must be empty: modes 0644 and 0755 whatever
 * the umask, links last, contents checked. When it fails a part is there; the caller removes it.
 * DISK_FULL when there is no room.
 */
export async function unpackArchive(
  archive: Archive,
  folder: string,
  options: UnpackOptions = {},
): Promise<void> {
  const { signal } = options
  await prepareRoot(folder)
  try {
    await makeFolders(archive, folder, signal)
    await writeFiles(archive, folder, signal)
    // Last, so that no file is ever written through a link.
    for (const { path, kind, linkTarget } of archive.entries) {
      if (kind !== 'link' || linkTarget === undefined) continue
      signal?.throwIfAborted()
      await symlink(linkTarget, join(folder, path))
    }
  } catch (error) {
    throw asDiskFull(error, archive)
  }
}

/** Something that stands there already could be a link that leads out. */
export async function prepareRoot(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const found = await readdir(folder)
  if (found.length === 0) return
  throw new PacklineError(
    'BUG',
    `A folder to unpack into holds ${found.length} files; expected none`,
  )
}

async function makeFolders(archive: Archive, root: string, signal?: AbortSignal): Promise<void> {
  const folders = new Set<string>()
  for (const { path, kind } of archive.entries) {
    for (let at = kind === 'folder' ? path : dirname(path); at !== '.'; at = dirname(at)) {
      if (folders.has(at)) break
      folders.add(at)
    }
  }
  // A parent sorts before what it holds.
  for (const path of [...folders].sort()) {
    signal?.throwIfAborted()
    await mkdir(join(root, path))
    await chmod(join(root, path), FOLDER_MODE)
  }
}

async function writeFiles(archive: Archive, root: string, signal?: AbortSignal): Promise<void> {
  const files = archive.entries.filter(({ kind }) => kind === 'file').values()
  let stopped = false
  const work = async () => {
    // One iterator for all: each takes the next file when it is done with its own.
    for (const file of files) {
      if (stopped) return
      signal?.throwIfAborted()
      await writeFile(archive, file, join(root, file.path), signal)
    }
  }
  const workers = Array.from({ length: FILES_AT_ONCE }, () =>
    work().catch((error) => {
      stopped = true
      throw error
    }),
  )
  // All must be done before the caller may remove the folder.
  const ends = await Promise.allSettled(workers)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

async function writeFile(
  archive: Archive,
  entry: ArchiveEntry,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const mode = entry.executable ? 0o755 : 0o644
  const isSmall = entry.size <= WHOLE_BYTES_MAX
  const content = isSmall
    ? await archive.read(entry.path, entry.size)
    : await archive.open(entry.path)
  const file = await open(path, NEW_FILE, mode)
  try {
    await file.writeFile(content, { signal })
    // The mode of open() is cut by the umask.
    await file.chmod(mode)
  } finally {
    await file.close()
  }
}

function asDiskFull(error: unknown, archive: Archive): unknown {
  if (!isDiskFull(error)) return error
  const detail = {
    en: `Unpacking needs ${archive.unpackedSize} bytes; the disk has not so many left`,
    zh: `解压需要 ${archive.unpackedSize} 字节；磁盘剩余空间不足`,
  }
  return failed('DISK_FULL', { detail }, { cause: error })
}
