import type { RefusalReason } from '../refusal.ts'
import { block, type CraftedTar } from './craft-tar.ts'

export const file = (name: string, more: Partial<CraftedTar> = {}) => ({
  name,
  content: 'x',
  ...more,
})
const link = (name: string, linkname: string) => ({ name, type: 'symlink' as const, linkname })

/** What no package may hold: the reason, what it is, the entries. */
export const BAD_TARS: [RefusalReason, string, CraftedTar[]][] = [
  ['path-escapes', 'a path upwards', [file('../x')]],
  ['path-escapes', 'a path upwards inside', [file('a/../../x')]],
  ['path-escapes', 'an absolute path', [file('/etc/passwd')]],
  ['path-escapes', 'a drive', [file('C:/x')]],
  ['path-escapes', 'a path upwards in a pax record', [file('x', { pax: { path: '../y' } })]],
  ['path-form', 'a backslash', [file('a\\b')]],
  ['path-form', 'an empty part', [file('a//b')]],
  ['path-form', 'a dot inside', [file('a/./b')]],
  ['path-form', 'a control character', [file('a\nb')]],
  ['path-too-long', 'a name of over 255 bytes', [file('n'.repeat(256))]],
  ['path-too-long', 'a path of over 1024 characters', [file(`${'abcd/'.repeat(210)}x`)]],
  ['not-utf8', 'a name in another encoding', [file('x', { change: (h) => h.fill(0xb2, 0, 2) })]],
  ['duplicate-entry', 'one name twice', [file('a'), file('a')]],
  ['duplicate-entry', 'a name twice by ./', [file('a'), file('./a')]],
  ['duplicate-entry', 'a name twice by case', [file('a.js'), file('A.js')]],
  ['duplicate-entry', 'a name twice by Unicode form', [file('\u00e9'), file('e\u0301')]],
  ['duplicate-entry', 'a link over a file', [file('a'), link('a', 'b')]],
  ['file-as-folder', 'a file that is a folder', [file('a'), file('a/b')]],
  ['file-as-folder', 'a folder that becomes a link', [file('a/b'), link('a', 'c')]],
  ['file-as-folder', 'a file below a link', [link('a', 'b'), file('a/x')]],
  ['folder-with-content', 'a folder with content', [dirOfSize('d/', 5)]],
  ['folder-with-content', 'the root folder with content', [dirOfSize('./', 512)]],
  ['device', 'a pipe', [{ name: 'p', type: 'fifo' }]],
  ['device', 'a character device', [{ name: 'null', type: 'character-device' }]],
  ['device', 'a block device', [{ name: 'sda', type: 'block-device' }]],
  ['size-lies', 'a size that is no number', [file('s', { pax: { size: '1x' } })]],
  ['data-damaged', 'a pax header without lengths', [file('a'), block('x', 'path=b\n'), file('c')]],
  [
    'data-damaged',
    'two pax headers in a row',
    [file('a'), pax('x', 'b'), pax('x', 'c'), file('d')],
  ],
  ['data-damaged', 'two long names in a row', [file('a'), long('b'), long('c'), file('d')]],
  [
    'data-damaged',
    'a long name and a pax header',
    [file('a'), long('b'), pax('x', 'c'), file('d')],
  ],
  ['too-large', 'a long name of two megabytes', [file('a'), long('n'.repeat(2e6)), file('d')]],
  ['data-damaged', 'a long name without an end', [block('L', 'b'), file('a')]],
  ['data-damaged', 'an empty long name', [block('K', ''), link('a', 'b')]],
  [
    'data-damaged',
    'a header for all entries behind a long name',
    [long('b'), block('g', '8 note=\n'), file('a')],
  ],
  ['data-damaged', 'a path that is taken back', [block('x', '8 path=\n'), file('a')]],
  ['method', 'a long name of the first GNU tar', [file('a'), block('N', 'b\0'), file('c')]],
  ['method', 'a field that is no number', [file('a', { change: (h) => h.write('9', 108) })]],
  ['method', 'an increment of GNU tar', [file('a', { change: incremental })]],
  ['cut', 'a long name without its entry', [file('a'), long('b')]],
  ['method', 'one path for all entries', [pax('g', 'b'), file('a')]],
  [
    'not-utf8',
    'a long name in another encoding',
    [block('L', Buffer.of(0xb2, 0xe2, 0)), file('a')],
  ],
  ['too-many-entries', 'too many folders', ['a', 'b', 'c'].map(inFolders)],
  ['method', 'a sparse file', [file('s', { pax: { 'GNU.sparse.major': '1' } })]],
  ['method', 'an unknown type', [file('s', { change: (h) => h.write('S', 156) })]],
  ['link-escapes', 'a link upwards', [link('a', '../x')]],
  ['link-escapes', 'an absolute link', [link('a', '/etc/passwd')]],
  ['link-escapes', 'links that lead out together', [link('d/a', '..'), link('b', 'd/a/../x')]],
  ['link-loop', 'links in a circle', [link('a', 'b'), link('b', 'a')]],
  ['link-target', 'a link to a name with a backslash', [link('a', 'b\\c')]],
  ['link-target', 'a hard link out', [{ name: 'a', type: 'link', linkname: '/etc/passwd' }]],
  ['link-target', 'a hard link to nothing', [{ name: 'a', type: 'link', linkname: 'b' }]],
  [
    'link-target',
    'a hard link to a link',
    [link('b', 'c'), { name: 'a', type: 'link', linkname: 'b' }],
  ],
  ['too-large', 'more than may be unpacked', [file('a', { content: random(1024 * 1024 + 1) })]],
  ['too-many-entries', 'too many entries', Array.from({ length: 1001 }, (_, at) => file(`f${at}`))],
]

/** GNU tar keeps times where others have a name's first part. */
function incremental(header: Buffer): void {
  header.write('ustar  \0', 257)
  header.write('14701234567', 345)
}

/** A record of nine bytes. */
function pax(type: 'x' | 'g', letter: string): CraftedTar {
  return block(type, `9 path=${letter}\n`)
}

function long(name: string): CraftedTar {
  return block('L', `${name}\0`)
}

function inFolders(name: string): CraftedTar {
  return file(`${name}${'/x'.repeat(400)}`)
}

function dirOfSize(name: string, size: number): CraftedTar {
  const text = `${size.toString(8).padStart(11, '0')}\0`
  return { name, type: 'directory', change: (header) => header.write(text, 124, 'latin1') }
}

/** Does not compress, so that no ratio is in the way. */
export function random(bytes: number): Buffer {
  let state = 1
  return Buffer.from(
    Uint8Array.from({ length: bytes }, () => {
      state = (state * 48_271) % 2_147_483_647
      return state & 0xff
    }),
  )
}
