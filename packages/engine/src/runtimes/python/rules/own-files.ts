import type { Archive, ArchiveEntry } from '@packline/archive'
import { recordedPaths } from '../records.ts'

const NOTE_BYTES_MAX = 16 * 1024 * 1024

/** A package's files, told apart by who wrote them. */
export interface OwnFiles {
  /** Files of the user's. */
  own: readonly ArchiveEntry[]
  /** Whether a path belongs to something that was installed. */
  isInstalled(path: string): boolean
}

/**
 * By what installing left: RECORD lists every file of a distribution. Where a package was made
 * without, its list of top-level modules, else its name, has to do.
 */
export async function ownFiles(archive: Archive): Promise<OwnFiles> {
  const files = archive.entries.filter(({ kind }) => kind === 'file')
  const paths = new Set(files.map(({ path }) => path))
  const recorded = new Set<string>()
  const topLevel = new Set<string>()
  const read = async (path: string) => (await archive.read(path, NOTE_BYTES_MAX)).toString('utf8')
  for (const folder of noteFolders(files)) {
    topLevel.add(folder)
    if (paths.has(`${folder}/RECORD`)) {
      for (const path of recordedPaths(await read(`${folder}/RECORD`))) recorded.add(path)
    } else if (paths.has(`${folder}/top_level.txt`)) {
      const names = (await read(`${folder}/top_level.txt`)).split(/\s+/).filter(Boolean)
      for (const name of names) topLevel.add(name)
    } else topLevel.add(nameOf(folder))
  }
  const isInstalled = (path: string) =>
    recorded.has(path) || topLevel.has(firstOf(path)) || topLevel.has(moduleOf(path))
  return { own: files.filter(({ path }) => !isInstalled(path)), isInstalled }
}

function noteFolders(files: readonly ArchiveEntry[]): Set<string> {
  const folders = files.map(({ path }) => /^[^/]+\.(?:dist|egg)-info(?=\/)/.exec(path)?.[0])
  return new Set(folders.filter((folder) => folder !== undefined))
}

/** "ruamel_yaml" of "ruamel.yaml-0.18.6.dist-info": as the name of a module would be. */
function nameOf(folder: string): string {
  return folder
    .replace(/-\d.*|\.(?:dist|egg)-info$/, '')
    .replaceAll(/[-.]/g, '_')
    .toLowerCase()
}

function firstOf(path: string): string {
  return path.split('/', 1)[0] ?? ''
}

/** "six" of "six.py"; of a file in a folder that folder's name. */
function moduleOf(path: string): string {
  return firstOf(path).split('.', 1)[0] ?? ''
}
