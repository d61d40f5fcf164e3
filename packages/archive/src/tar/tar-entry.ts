import { isUtf8 } from 'node:buffer'
import type { Header } from 'tar-stream'
import type { EntryKind } from '../entry-kind.ts'
import { checkEntryPath } from '../entry-name.ts'
import { parseLinkTarget } from '../links.ts'
import { ArchiveRefusal, quote } from '../refusal.ts'

/** An entry of a tar by the ZIP gate's rules; `same`: an earlier file that it is a hard link to. */
export interface TarEntry {
  path: string
  kind: EntryKind
  size: number
  executable: boolean
  linkTarget?: string
  same?: string
}

/** Records of a pax header, such as a long path. */
type Pax = Readonly<Record<string, string>> | null | undefined

const KINDS: Readonly<Record<string, EntryKind>> = {
  file: 'file',
  'contiguous-file': 'file',
  link: 'file',
  symlink: 'link',
  directory: 'folder',
}
const DEVICES: readonly unknown[] = ['character-device', 'block-device', 'fifo']

/** What an entry is; undefined for the root folder itself. Refuses what no package may hold. */
export function readTarEntry(header: Header): TarEntry | undefined {
  const { type, size, mode } = header
  const pax = header.pax as Pax
  const shown = textOf(header.name, pax?.path)
  const path = plainPath(shown)
  const kind = kindOf(type, path, pax)
  if (kind === 'folder' && path === '') return undefined
  checkEntryPath(path, shown)
  checkSize(path, pax)
  if (size !== 0 && (kind !== 'file' || type === 'link')) {
    const found = {
      en: `it has ${size} bytes of content; a folder or a link has none`,
      zh: `它有 ${size} 字节的内容；文件夹和链接没有内容`,
    }
    throw new ArchiveRefusal('folder-with-content', path, found)
  }
  const executable = kind === 'file' && (mode & 0o111) !== 0
  const entry = { path, kind, size, executable }
  if (type !== 'link' && type !== 'symlink') return entry
  const target = textOf(header.linkname ?? '', pax?.linkpath)
  if (type === 'link') return { ...entry, same: plainPath(target) }
  return { ...entry, linkTarget: parseLinkTarget(path, Buffer.from(target)) }
}

/** Readers take different numbers out of what is none. */
function checkSize(path: string, pax: Pax): void {
  if (pax?.size === undefined || /^\d{1,15}$/.test(pax.size)) return
  throw new ArchiveRefusal('size-lies', path, {
    en: `its pax header gives ${quote(pax.size)} as its size`,
    zh: `它的 pax 头给出的大小是 ${quote(pax.size)}`,
  })
}

function kindOf(type: unknown, path: string, pax: Pax): EntryKind {
  if (DEVICES.includes(type)) {
    const found = 'it is a device or a pipe; expected a file, a folder or a link'
    throw new ArchiveRefusal('device', path, found)
  }
  const isSparse = Object.keys(pax ?? {}).some((name) => name.startsWith('GNU.sparse.'))
  const kind = isSparse ? undefined : KINDS[String(type)]
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

/** From a header names come as bytes; from a pax record as text, its bad bytes replaced. */
function textOf(raw: string, pax: string | undefined): string {
  const bytes = Buffer.from(raw, 'latin1')
  const isFine = pax === undefined ? isUtf8(bytes) : !pax.includes('\ufffd')
  const text = pax ?? bytes.toString('utf8')
  if (isFine) return text
  throw new ArchiveRefusal('not-utf8', text, 'its name is not UTF-8', {
    hint: 'Pack it again where names are UTF-8.',
  })
}
