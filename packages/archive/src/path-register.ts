import type { EntryKind } from './entry-kind.ts'
import { ArchiveRefusal, quote } from './refusal.ts'

/** Takes every path of an archive once and refuses what could not stand beside those before it. */
export interface PathRegister {
  add(path: string, kind: EntryKind): void
}

/**
 * No two entries equal after Unicode NFC and case folding, no file or link that is also a folder.
 * A file may differ from a folder by case alone (META-INF/LICENSE beside META-INF/license/, which
 * every other merged jar has); a link may not: on a file system without case it would be a way out.
 */
export function createPathRegister(foldersMax = Number.POSITIVE_INFINITY): PathRegister {
  const files = new Map<string, string>()
  const folders = new Map<string, string>()
  const leaves = new Set<string>()
  const parents = new Set<string>()
  const links = new Set<string>()
  const foldedParents = new Set<string>()

  function add(path: string, kind: EntryKind): void {
    const folded = foldPath(path)
    // What folding leaves as it is has that form.
    const exact = folded === path ? path : path.normalize('NFC')
    const same = kind === 'folder' ? folders : files
    const other = same.get(folded)
    if (other !== undefined) throw duplicate(path, other)
    same.set(folded, path)
    if (kind === 'link') links.add(folded)
    if (kind === 'folder') addParents(exact, folded, path)
    else {
      leaves.add(exact)
      if (parents.has(exact)) throw fileAsFolder(path, path)
    }
    if (kind === 'link' && foldedParents.has(folded)) throw fileAsFolder(path, path)
    addParents(parentOf(exact), parentOf(folded), path)
  }

  /** Walks up until a folder that is known: its own parents are known as well. */
  function addParents(folder: string, foldedFolder: string, entry: string): void {
    // No form or case reaches over a slash: what holds for a path holds for its beginning.
    let [exact, folded] = [folder, foldedFolder]
    while (exact !== '' && !parents.has(exact)) {
      if (leaves.has(exact) || links.has(folded)) throw fileAsFolder(entry, exact)
      parents.add(exact)
      foldedParents.add(folded)
      if (parents.size > foldersMax) throw tooManyFolders(entry, foldersMax)
      // One string for both where they are the same, as mostly: a bomb has a hundred thousand.
      const isSame = folded === exact
      exact = parentOf(exact)
      folded = isSame ? exact : parentOf(folded)
    }
  }

  return { add }
}

function tooManyFolders(path: string, foldersMax: number): ArchiveRefusal {
  const found = {
    en: `with it the archive has more than ${foldersMax} folders`,
    zh: `加上它，压缩包有超过 ${foldersMax} 个文件夹`,
  }
  return new ArchiveRefusal('too-many-entries', path, found)
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The form in which two paths are compared: Unicode NFC, then upper and lower case as one. */
export function foldPath(path: string): string {
  if (/^[\x00-\x7f]*$/.test(path)) return path.toLowerCase()
  // Upper case first: it opens up what lower case alone leaves apart (U+017F, U+03C2, U+00DF).
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

function duplicate(path: string, other: string): ArchiveRefusal {
  const found =
    path === other
      ? 'it is there twice'
      : {
          en: `it differs from ${quote(other)} only by case or form`,
          zh: `它与 ${quote(other)} 只有大小写或 Unicode 形式不同`,
        }
  return new ArchiveRefusal('duplicate-entry', path, found, {
    hint: 'Keep one of the two; unpacking would overwrite the other.',
  })
}

function fileAsFolder(path: string, file: string): ArchiveRefusal {
  return new ArchiveRefusal('file-as-folder', path, {
    en: `${quote(file)} is a file and a folder`,
    zh: `${quote(file)} 既是文件又是文件夹`,
  })
}
