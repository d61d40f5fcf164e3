import type { Stats } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackageEntry } from '@packline/archive'
import { PacklineError } from '@packline/shared'
import { sha256Of } from '../sha256-of.ts'
import { FOLDER, fileTag, linkTag } from './tags.ts'

/** What stands at a path here; of files and links also how they go into an archive. */
export interface Found {
  tag: string
  entry?: PackageEntry
}

const FILES_AT_ONCE = 16

/** What stands in a folder at these paths, as far as anything does. Links are not followed. */
export async function findHere(
  folder: string,
  paths: Iterable<string>,
): Promise<Map<string, Found>> {
  const wanted = [...paths]
  const found = new Map<string, Found>()
  const folders = await realFolders(folder, wanted)
  const reachable = wanted.filter((path) => parentsOf(path).every((one) => folders.has(one)))
  for (let at = 0; at < reachable.length; at += FILES_AT_ONCE) {
    const some = reachable.slice(at, at + FILES_AT_ONCE)
    const all = await Promise.all(some.map((path) => findOne(folder, path)))
    some.forEach((path, index) => {
      const one = all[index]
      if (one) found.set(path, one)
    })
  }
  return found
}

/** The folders that a path lies in, from the outermost on. */
export function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Undefined where nothing is there. Throws INVALID_REQUEST for what can not be read. */
export async function standsAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new PacklineError('INVALID_REQUEST', `${path} can not be read (${code ?? cause})`, {
      cause,
    })
  })
}

/** What lies behind a link is not in the folder. */
async function realFolders(folder: string, paths: readonly string[]): Promise<Set<string>> {
  const real = new Set<string>()
  for (const parent of new Set(paths.flatMap(parentsOf))) {
    if ((await standsAt(join(folder, parent)))?.isDirectory()) real.add(parent)
  }
  return real
}

async function findOne(folder: string, path: string): Promise<Found | undefined> {
  const full = join(folder, path)
  const stats = await standsAt(full)
  if (!stats) return undefined
  if (stats.isDirectory()) return { tag: FOLDER }
  if (stats.isSymbolicLink()) {
    const linkTarget = await readlink(full)
    const content = Buffer.from(linkTarget)
    const { length: size } = content
    const entry = { path, kind: 'link', executable: false, size, content, linkTarget } as const
    return { tag: linkTag(linkTarget), entry }
  }
  if (!stats.isFile()) return { tag: 'neither file nor folder' }
  const executable = (stats.mode & 0o111) !== 0
  const entry = { path, executable, size: stats.size, content: { path: full } }
  return { tag: fileTag(await sha256Of(full), executable), entry }
}
