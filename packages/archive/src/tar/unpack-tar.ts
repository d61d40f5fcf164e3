import { constants } from 'node:fs'
import { chmod, copyFile, mkdir, open, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ArchiveLimits } from '../archive.ts'
import type { ArchiveContent } from '../content.ts'
import { checkLinks } from '../links.ts'
import { createPathRegister } from '../path-register.ts'
import { createPause } from '../pause.ts'
import { ArchiveRefusal, quote } from '../refusal.ts'
import { NEW_FILE, prepareRoot } from '../unpack.ts'
import { readTar, type TarSource } from './read-tar.ts'
import { readTarEntry, type TarEntry } from './tar-entry.ts'

interface UnpackOptions {
  limits: ArchiveLimits
  signal?: AbortSignal
}

/** What a tar holds, as far as it was read. */
interface Judged {
  limits: ArchiveLimits
  bytes: number
  /** Path -> bytes. */
  files: Map<string, number>
  /** Path -> target. */
  links: Map<string, string>
}

const FOLDER_MODE = 0o755

/**
 * Writes a tar.gz below `folder`, which is made or must be empty, by the rules and with the reasons
 * of `openArchive`. A tar has no directory to judge first, so it is read twice: nothing is written
 * before all of it was judged. When it fails after that a part is there; the caller removes it.
 */
export async function unpackTar(
  content: ArchiveContent,
  folder: string,
  options: UnpackOptions,
): Promise<void> {
  await prepareRoot(folder)
  const links = await judge(content, options)
  const written = { root: folder, folders: new Set<string>(), modes: new Map<string, number>() }
  await readTar(content, options, async (source) => {
    const entry = readTarEntry(source.header)
    if (entry) await writeEntry(entry, source, written)
  })
  for (const [path, target] of links) await symlink(target, join(folder, path))
}

/** Answers the links, which are made last. */
async function judge(content: ArchiveContent, options: UnpackOptions): Promise<Judged['links']> {
  const { limits, signal } = options
  const judged = { limits, bytes: 0, files: new Map(), links: new Map() }
  const register = createPathRegister(limits.entriesMax)
  await readTar(content, options, ({ header }) => {
    const entry = readTarEntry(header)
    if (!entry) return
    register.add(entry.path, entry.kind)
    addBytes(entry, judged)
    note(entry, judged)
  })
  await checkLinks(judged.links, createPause(signal))
  return judged.links
}

function addBytes({ path, size }: TarEntry, judged: Judged): void {
  const { unpackedBytesMax } = judged.limits
  judged.bytes += size
  if (judged.bytes <= unpackedBytesMax) return
  const found = {
    en: `with it the archive has ${judged.bytes} bytes; at most ${unpackedBytesMax}`,
    zh: `加上它，压缩包有 ${judged.bytes} 字节；最多 ${unpackedBytesMax} 字节`,
  }
  throw new ArchiveRefusal('too-large', path, found)
}

/** A hard link is counted as what it is unpacked to, which is a file of its own. */
function note(entry: TarEntry, judged: Judged): void {
  const { path, kind, linkTarget, same } = entry
  if (linkTarget !== undefined) judged.links.set(path, linkTarget)
  if (kind !== 'file') return
  const size = same === undefined ? entry.size : judged.files.get(same)
  if (size === undefined) {
    const found = {
      en: `it is a hard link to ${quote(same ?? '')}, which is no file before it`,
      zh: `它是指向 ${quote(same ?? '')} 的硬链接，其前面没有这个文件`,
    }
    throw new ArchiveRefusal('link-target', path, found)
  }
  if (same !== undefined) addBytes({ ...entry, size }, judged)
  judged.files.set(path, size)
}

/** What was put into the folder so far. */
interface Written {
  root: string
  folders: Set<string>
  /** Path of a file -> its mode. */
  modes: Map<string, number>
}

async function writeEntry(
  entry: TarEntry,
  { content }: TarSource,
  written: Written,
): Promise<void> {
  const { path, kind, linkTarget, same } = entry
  await makeFolders(kind === 'folder' ? path : dirname(path), written)
  if (kind === 'folder' || linkTarget !== undefined) return
  const { root, modes } = written
  const mode = modes.get(same ?? '') ?? (entry.executable ? 0o755 : 0o644)
  modes.set(path, mode)
  if (same === undefined) return writeFile(content, join(root, path), mode)
  // A hard link becomes a file of its own: a package has no other form for it.
  await copyFile(join(root, same), join(root, path), constants.COPYFILE_EXCL)
  await chmod(join(root, path), mode)
}

async function writeFile(
  content: AsyncIterable<Buffer>,
  path: string,
  mode: number,
): Promise<void> {
  const file = await open(path, NEW_FILE, mode)
  try {
    for await (const chunk of content) await file.writeFile(chunk)
    // The mode of open() is cut by the umask.
    await file.chmod(mode)
  } finally {
    await file.close()
  }
}

async function makeFolders(path: string, written: Written): Promise<void> {
  const { root, folders } = written
  if (path === '.' || folders.has(path)) return
  await makeFolders(dirname(path), written)
  folders.add(path)
  await mkdir(join(root, path))
  await chmod(join(root, path), FOLDER_MODE)
}
