import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { folderTree } from './folder-tree.ts'
import { checkReadSize, sortedByPath, type Tree, type TreeFile } from './tree.ts'

export interface MemoryFile {
  path: string
  executable: boolean
  bytes: Buffer
  linkTarget?: string
}

/** A small source; the disk is touched only when a tool needs the files there. */
export function memoryTree(memoryFiles: readonly MemoryFile[]): Tree {
  const byPath = new Map(memoryFiles.map((file) => [file.path, file]))
  const files = sortedByPath(memoryFiles.map(withoutBytes))
  const bytesOf = (path: string) => {
    const file = byPath.get(path)
    if (!file) throw new Error(`no file ${path} in the tree`)
    return file.bytes
  }
  return {
    files,
    find: (path) => files.find((file) => file.path === path),
    read: async (path, bytesMax) => {
      const bytes = bytesOf(path)
      checkReadSize(path, bytes.length, bytesMax)
      return bytes
    },
    entry: (file, path = file.path) => ({
      ...file,
      path,
      kind: file.linkTarget === undefined ? 'file' : 'link',
      content: bytesOf(file.path),
    }),
    below: async (folder) => memoryTree(filesBelow(memoryFiles, folder)),
    moveTo: (folder) => writeAll(memoryFiles, folder),
  }
}

function withoutBytes({ path, executable, bytes, linkTarget }: MemoryFile): TreeFile {
  const file = { path, size: bytes.length, executable }
  return linkTarget === undefined ? file : { ...file, linkTarget }
}

function filesBelow(files: readonly MemoryFile[], folder: string): MemoryFile[] {
  const prefix = `${folder}/`
  return files
    .filter((file) => file.path.startsWith(prefix))
    .map((file) => ({ ...file, path: file.path.slice(prefix.length) }))
}

async function writeAll(files: readonly MemoryFile[], folder: string): Promise<Tree> {
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
  return folderTree(folder)
}
