import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { filesBelow, sortedByPath, type Tree, type TreeFile } from './tree.ts'
import { fileToRead } from './tree-read.ts'

export interface MemoryFile {
  path: string
  executable: boolean
  bytes: Buffer
  linkTarget?: string
}

/** A small source; the disk is touched only when a tool needs the files there. */
export function memoryTree(memoryFiles: readonly MemoryFile[]): Tree {
  const files = sortedByPath(memoryFiles.map(withoutBytes))
  const byPath = new Map(files.map((file) => [file.path, file]))
  const bytes = new Map(memoryFiles.map((file) => [file.path, file.bytes]))
  const bytesOf = (path: string) => bytes.get(path) ?? Buffer.alloc(0)
  const find = (path: string) => byPath.get(path)
  return {
    files,
    find,
    read: async (path, bytesMax) => bytesOf(fileToRead(find, path, bytesMax).path),
    entry: (file, path = file.path) => ({
      ...file,
      path,
      kind: file.linkTarget === undefined ? 'file' : 'link',
      content: bytesOf(file.path),
    }),
    without: (paths) => memoryTree(memoryFiles.filter(({ path }) => !paths.has(path))),
    below: async (folder) => memoryTree(filesBelow(memoryFiles, folder)),
    moveTo: (folder) => writeAll(memoryFiles, folder),
  }
}

function withoutBytes({ path, executable, bytes, linkTarget }: MemoryFile): TreeFile {
  const file = { path, size: bytes.length, executable }
  return linkTarget === undefined ? file : { ...file, linkTarget }
}

async function writeAll(files: readonly MemoryFile[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const file of files.filter((one) => one.linkTarget === undefined)) {
    const full = join(folder, file.path)
    await mkdir(dirname(full), { recursive: true })
    // "wx": two names that this file system takes for one must not overwrite each other.
    await writeFile(full, file.bytes, { mode: file.executable ? 0o755 : 0o644, flag: 'wx' })
  }
  // Links come last, so that no file is ever written through one.
  for (const link of files.filter((one) => one.linkTarget !== undefined)) {
    const full = join(folder, link.path)
    await mkdir(dirname(full), { recursive: true })
    await symlink(link.linkTarget ?? '', full)
  }
}
