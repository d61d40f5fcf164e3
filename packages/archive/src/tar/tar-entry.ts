import { isUtf8 } from 'node:buffer'
import type { EntryKind } from '../entry-kind.ts'
import { checkEntryPath } from '../entry-name.ts'
import { parseLinkTarget } from '../links.ts'
import { ArchiveRefusal } from '../refusal.ts'
import type { TarEntryHeader } from './long-headers.ts'

/** An entry of a tar by the ZIP gate's rules; `same`: an earlier file that it is a hard link to. */
export interface TarEntry {
  path: string
  kind: EntryKind
  size: number
  executable: boolean
  linkTarget?: string
  same?: string
}

/** Letters of a header's type. */
const HARD_LINK = '1'
const LINK = '2'
const KINDS: Readonly<Record<string, EntryKind>> = {
  '0': 'file',
  /** A contiguous file, which nobody makes any more. */
  '7': 'file',
  [HARD_LINK]: 'file',
  [LINK]: 'link',
  '5': 'folder',
}
const DEVICES = ['3', '4', '6']

/** Old makers mark a folder by the slash at its end alone. */
function asFolder(type: string): string {
  return type === '0' ? '5' : type
}

/** What an entry is; undefined for the root folder itself. Refuses what no package may hold. */
export function readTarEntry(header: TarEntryHeader): TarEntry | undefined {
  const { type, name, linkName, size, mode, isSparse } = header
  const shown = textOf(name)
  const path = plainPath(shown)
  const kind = kindOf(shown.endsWith('/') ? asFolder(type) : type, path, isSparse)
  // Some readers pass over such content, others take it for headers: the root's as well.
  if (size !== 0 && (kind !== 'file' || type === HARD_LINK)) {
    const found = {
      en: `it has ${size} bytes of content; a folder or a link has none`,
      zh: `它有 ${size} 字节的内容；文件夹和链接没有内容`,
    }
    throw new ArchiveRefusal('folder-with-content', path, found)
  }
  if (kind === 'folder' && path === '') return undefined
  checkEntryPath(path, shown)
  const executable = kind === 'file' && (mode & 0o111) !== 0
  const entry = { path, kind, size, executable }
  if (type !== HARD_LINK && type !== LINK) return entry
  if (type === HARD_LINK) return { ...entry, same: plainPath(textOf(linkName)) }
  return { ...entry, linkTarget: parseLinkTarget(path, linkName) }
}

function kindOf(type: string, path: string, isSparse: boolean): EntryKind {
  if (DEVICES.includes(type)) {
    const found = 'it is a device or a pipe; expected a file, a folder or a link'
    throw new ArchiveRefusal('device', path, found)
  }
  const kind = isSparse ? undefined : KINDS[type]
  if (kind) return kind
  throw new ArchiveRefusal('method', path, 'it is kept in a form that few readers know', {
    hint: 'Pack it again without sparse files: tar without --sparse.',
  })
}

/** `tar -C folder .` begins every name with "./"; a folder may end with a slash. */
function plainPath(name: string): string {
  const bare = name.replace(/^(\.\/)+/, '').replace(/\/$/, '')
  return bare === '.' ? '' : bare
}

function textOf(name: Buffer): string {
  const text = name.toString('utf8')
  if (isUtf8(name)) return text
  throw new ArchiveRefusal('not-utf8', text, 'its name is not UTF-8', {
    hint: 'Pack it again where names are UTF-8.',
  })
}
