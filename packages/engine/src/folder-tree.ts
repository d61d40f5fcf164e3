import { constants } from 'node:fs'
import { lstat, open, readdir, readlink, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PacklineError } from '@packline/shared'
import { checkReadSize, sortedByPath, type Tree, type TreeFile } from './tree.ts'

interface ScanOptions {
  /** Paths that are not looked at: neither they nor what lies below them. */
  leaveOut?: (path: string) => boolean
}

/** What lies below a folder on disk; links are not followed, special files are refused. */
export async function folderTree(folder: string, options: ScanOptions = {}): Promise<Tree> {
  const files = sortedByPath(await scan(folder, '', options))
  const byPath = new Map(files.map((file) => [file.path, file]))
  return {
    files,
    find: (path) => byPath.get(path),
    read: (path, bytesMax) => readFromDisk(join(folder, path), path, bytesMax),
    entry: (file, path = file.path) => ({
      ...file,
      path,
      kind: file.linkTarget === undefined ? 'file' : 'link',
      content: { path: join(folder, file.path) },
    }),
    below: (inner) => folderTree(join(folder, inner)),
    moveTo: (target) => move(folder, target),
  }
}

async function move(folder: string, target: string): Promise<Tree> {
  if (folder === target) return folderTree(target)
  // The tree may lie inside its target: aside first, then over.
  const aside = `${target}.moved`
  await rename(folder, aside)
  await rm(target, { recursive: true, force: true })
  await rename(aside, target)
  return folderTree(target)
}

async function readFromDisk(file: string, path: string, bytesMax: number): Promise<Buffer> {
  // A build may have swapped a file for a link: never read through one.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size } = await handle.stat()
    checkReadSize(path, size, bytesMax)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

async function scan(folder: string, prefix: string, options: ScanOptions): Promise<TreeFile[]> {
  const found: TreeFile[] = []
  for (const item of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix === '' ? item.name : `${prefix}/${item.name}`
    if (options.leaveOut?.(path)) continue
    if (item.isDirectory()) found.push(...(await scan(folder, path, options)))
    else found.push(await scanOne(join(folder, path), path))
  }
  return found
}

async function scanOne(full: string, path: string): Promise<TreeFile> {
  const stat = await lstat(full)
  if (stat.isSymbolicLink()) {
    return { path, size: 0, executable: false, linkTarget: await readlink(full) }
  }
  if (stat.isFile()) return { path, size: stat.size, executable: (stat.mode & 0o111) !== 0 }
  throw new PacklineError('ARCHIVE_REFUSED', `${path} is neither a file, a folder nor a link`, {
    hint: 'Leave sockets, pipes and devices out of the source.',
  })
}
