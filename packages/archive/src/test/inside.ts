import { lstat, readdir, readlink, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { expect } from 'vitest'
import { withFolder } from './refuses.ts'

/**
 * Unpacks into a folder inside another one, and looks whether anything stands beside it, leads out
 * of it or has more rights than a file needs, also where unpacking was refused.
 */
export async function unpacksInside(unpack: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (outer) => {
    const inner = join(outer, 'inner')
    try {
      await unpack(inner)
    } finally {
      const beside = (await readdir(outer)).filter((name) => name !== 'inner')
      expect(beside).toEqual([])
      for (const path of await below(inner)) expect(await wrongWith(path, inner), path).toBe('')
    }
  })
}

async function below(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return names.map((name) => join(folder, name))
}

async function wrongWith(path: string, inner: string): Promise<string> {
  const found = await lstat(path)
  if (!found.isSymbolicLink()) {
    if (!found.isFile() && !found.isDirectory()) return 'it is no file'
    return (found.mode & 0o7022) === 0 ? '' : `its mode is ${found.mode.toString(8)}`
  }
  const target = await readlink(path)
  if (target.startsWith('/')) return `it leads to ${target}`
  // One that leads to nothing leads to nothing outside either: the gate has followed it.
  const end = await realpath(path).catch(() => inner)
  const root = await realpath(inner)
  return end === root || end.startsWith(root + sep) ? '' : `it leads to ${end}`
}
