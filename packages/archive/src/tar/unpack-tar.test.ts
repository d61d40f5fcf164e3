import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ArchiveRefusal, REFUSALS, type RefusalReason } from '../refusal.ts'
import { type CraftedTar, craftTar, craftTarGz, TAR_END } from '../test/craft-tar.ts'
import { limits, withFile, withFolder } from '../test/refuses.ts'
import { unpackTar } from './unpack-tar.ts'

/** What lies there: files with their text, links with their target, each with its mode. */
function listed(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name)
      const stat = lstatSync(path)
      if (stat.isSymbolicLink()) return [name, `-> ${readlinkSync(path)}`]
      const mode = (stat.mode & 0o7777).toString(8)
      return [name, stat.isDirectory() ? `${mode} folder` : `${mode} ${readFileSync(path, 'utf8')}`]
    }),
  )
}

async function unpacked(bytes: Buffer): Promise<Record<string, string>> {
  let found: Record<string, string> = {}
  await withFolder(async (folder) => {
    await unpackTar({ bytes }, folder, { limits })
    found = listed(folder)
  })
  return found
}

describe('a tar.gz', () => {
  test('is written with plain modes, folders that were not named, and its links', async () => {
    const bytes = await craftTarGz([
      { name: './', type: 'directory', mode: 0o700 },
      { name: './src/', type: 'directory', mode: 0o777 },
      { name: './src/index.js', content: 'one', mode: 0o600 },
      { name: 'bin/deep/run', content: 'two', mode: 0o6755 },
      { name: 'link', type: 'symlink', linkname: 'src/index.js' },
      { name: 'same', type: 'link', linkname: './bin/deep/run' },
      { name: 'empty' },
      { name: `${'long/'.repeat(40)}目录.txt`, content: 'far' },
    ])
    const found = await unpacked(bytes)
    expect(found).toMatchObject({
      src: '755 folder',
      'src/index.js': '644 one',
      bin: '755 folder',
      'bin/deep/run': '755 two',
      link: '-> src/index.js',
      same: '755 two',
      empty: '644 ',
    })
    expect(found[`${'long/'.repeat(40)}目录.txt`]).toBe('644 far')
  })

  test('may be large, in a file, in several members, and hold blocks of zeros', async () => {
    const content = Buffer.concat([Buffer.alloc(300_000), Buffer.alloc(100_001, 'x')])
    const tar = Buffer.concat([await craftTar([{ name: 'a', content }, { name: 'b' }]), TAR_END])
    const bytes = Buffer.concat([gzipSync(tar.subarray(0, 12_345)), gzipSync(tar.subarray(12_345))])
    await withFile(bytes, async (path) => {
      await withFolder(async (folder) => {
        await unpackTar({ path }, folder, { limits })
        expect(readFileSync(join(folder, 'a')).equals(content)).toBe(true)
        expect(lstatSync(join(folder, 'b')).size).toBe(0)
      })
    })
  })

  test('as GNU tar makes it comes out the same, hard links and long names included', async () => {
    await withFolder(async (from) => {
      mkdirSync(join(from, 'lib'))
      writeFileSync(join(from, 'index.js'), 'exports.a = 1\n')
      writeFileSync(join(from, 'lib', `${'n'.repeat(200)}.txt`), 'long name')
      writeFileSync(join(from, 'lib/文件.txt'), '你好', { mode: 0o755 })
      symlinkSync('../index.js', join(from, 'lib/up'))
      execFileSync('ln', [join(from, 'index.js'), join(from, 'lib/hard.js')])
      for (const format of ['gnu', 'pax', 'ustar']) {
        const names = format === 'ustar' ? ['index.js', 'lib/up'] : ['.']
        const argv = [`--format=${format}`, '-C', from, '-czf', '-', ...names]
        const bytes = execFileSync('tar', argv, { maxBuffer: 1e7 })
        const found = await unpacked(bytes)
        expect(found).toMatchObject({
          'index.js': '644 exports.a = 1\n',
          'lib/up': '-> ../index.js',
        })
        if (format !== 'ustar') expect(found).toEqual(listed(from))
      }
    })
  })

  test('may have headers for all its entries, and long names by GNU tar', async () => {
    const bytes = await craftTarGz([
      block('g', '21 comment=by a test\n'),
      file('one'),
      block('L', `${'deep/'.repeat(30)}file\0`),
      block('K', 'one\0behind'),
      { name: 'short', type: 'symlink', linkname: 'other' },
      file('two'),
    ])
    const deep = `${'deep/'.repeat(30)}file`
    expect(await unpacked(bytes)).toMatchObject({ one: '644 x', [deep]: '-> one', two: '644 x' })
  })

  test('stops with its signal', async () => {
    const bytes = await craftTarGz([{ name: 'a', content: 'x' }])
    await withFolder(async (folder) => {
      const signal = AbortSignal.abort(new Error('cancelled'))
      await expect(unpackTar({ bytes }, folder, { limits, signal })).rejects.toThrow('cancelled')
    })
  })
})

async function refusalOf(bytes: Buffer): Promise<ArchiveRefusal> {
  const error = await unpacked(bytes).then(
    () => new Error('it was accepted'),
    (error: unknown) => error,
  )
  if (error instanceof ArchiveRefusal) return error
  throw error
}

const file = (name: string, more: Partial<CraftedTar> = {}) => ({ name, content: 'x', ...more })
const link = (name: string, linkname: string) => ({ name, type: 'symlink' as const, linkname })

const BAD: [RefusalReason, string, CraftedTar[]][] = [
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
  ['data-damaged', 'a long name of a megabyte', [file('a'), long('n'.repeat(1e6)), file('d')]],
  ['method', 'one path for all entries', [pax('g', 'b'), file('a')]],
  ['not-utf8', 'a long name in another encoding', [long(Buffer.of(0xb2, 0xe2, 0)), file('a')]],
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

/** A header of that type, with content for whatever comes behind it. */
function block(type: string, content: string | Buffer): CraftedTar {
  return { name: 'header', content, change: (header) => header.write(type, 156, 'latin1') }
}

/** A record of nine bytes. */
function pax(type: 'x' | 'g', letter: string): CraftedTar {
  return block(type, `9 path=${letter}\n`)
}

function long(name: string | Buffer): CraftedTar {
  return block('L', name)
}

function inFolders(name: string): CraftedTar {
  return file(`${name}${'/x'.repeat(400)}`)
}

function dirOfSize(name: string, size: number): CraftedTar {
  const text = `${size.toString(8).padStart(11, '0')}\0`
  return { name, type: 'directory', change: (header) => header.write(text, 124, 'latin1') }
}

/** Does not compress, so that no ratio is in the way. */
function random(bytes: number): Buffer {
  let state = 1
  return Buffer.from(
    Uint8Array.from({ length: bytes }, () => {
      state = (state * 48_271) % 2_147_483_647
      return state & 0xff
    }),
  )
}

describe('a tar.gz is refused for', () => {
  test.each(BAD)('%s: %s', async (reason, _title, entries) => {
    const refusal = await refusalOf(await craftTarGz(entries))
    expect(refusal.reason).toBe(reason)
    expect(refusal.code).toBe(REFUSALS[reason])
    expect(refusal.message).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
  })

  test('what is no tar, and a gzip file that is cut or damaged', async () => {
    const whole = await craftTarGz([file('a', { content: random(5000) }), file('b')])
    const damaged = Buffer.from(whole)
    damaged.fill(0, 900, 950)
    const tar = await craftTar([file('a', { content: random(5000) }), file('b')])
    const broken = Buffer.from(tar)
    broken.fill(0x41, tar.length - 1024, tar.length - 1000)
    const cases: [Buffer, RefusalReason][] = [
      [gzipSync('just a text'), 'not-a-zip'],
      [gzipSync(Buffer.alloc(2000, 'text')), 'not-a-zip'],
      [gzipSync(gzipSync(tar)), 'not-a-zip'],
      [whole.subarray(0, 3000), 'cut'],
      [whole.subarray(0, whole.length - 3), 'cut'],
      [damaged, 'data-damaged'],
      [gzipSync(tar.subarray(0, 3000)), 'cut'],
      [gzipSync(broken), 'data-damaged'],
    ]
    for (const [bytes, reason] of cases) expect((await refusalOf(bytes)).reason).toBe(reason)
  })

  test('entries behind its end, which only some readers see', async () => {
    const [first, second] = [await craftTar([file('a')]), await craftTar([file('b')])]
    for (const zeros of [512, 1024, 10_240]) {
      const hidden = Buffer.concat([first, Buffer.alloc(zeros), second, TAR_END])
      expect(await refusalOf(gzipSync(hidden))).toMatchObject({ reason: 'trailing', entry: 'b' })
    }
    const members = Buffer.concat([
      gzipSync(Buffer.concat([first, TAR_END])),
      gzipSync(Buffer.concat([second, TAR_END])),
    ])
    expect((await refusalOf(members)).reason).toBe('trailing')
  })

  test('bytes behind the compressed data, zeros as well', async () => {
    const whole = await craftTarGz([file('a')])
    const behind = (bytes: Buffer) => refusalOf(Buffer.concat([whole, bytes]))
    expect((await behind(Buffer.alloc(64))).reason).toBe('trailing')
    expect(['trailing', 'data-damaged']).toContain((await behind(Buffer.from('PK'))).reason)
  })

  test('a bomb, before it fills the disk: by its ratio, and where nothing but headers comes', async () => {
    const bytes = await craftTarGz([file('a', { content: Buffer.alloc(900_000) })])
    await withFolder(async (folder) => {
      const tight = { ...limits, ratioMax: 100 }
      const refused = unpackTar({ bytes }, folder, { limits: tight })
      await expect(refused).rejects.toMatchObject({ reason: 'ratio' })
    })
    const endless = gzipSync(Buffer.concat([await craftTar([file('a')]), Buffer.alloc(8_000_000)]))
    expect((await refusalOf(endless)).reason).toBe('too-large')
  })

  test('nothing is written, inside neither, by what is refused', async () => {
    await withFolder(async (outer) => {
      for (const [index, [, , entries]] of BAD.entries()) {
        const into = join(outer, 'inner', String(index))
        // What is good comes first: a reader that writes as it goes would have written it.
        const bytes = await craftTarGz([file('good/first'), ...entries])
        await expect(unpackTar({ bytes }, into, { limits })).rejects.toThrow(ArchiveRefusal)
        expect(readdirSync(into)).toEqual([])
      }
      expect(readdirSync(outer)).toEqual(['inner'])
    })
  })
})
