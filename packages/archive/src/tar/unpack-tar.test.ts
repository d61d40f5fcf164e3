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
import { BAD_TARS, file, random } from '../test/bad-tars.ts'
import { block, craftTar, craftTarGz, TAR_END } from '../test/craft-tar.ts'
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

describe('a tar.gz is refused for', () => {
  test.each(BAD_TARS)('%s: %s', async (reason, _title, entries) => {
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
      for (const [index, [, , entries]] of BAD_TARS.entries()) {
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
