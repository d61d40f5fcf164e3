import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { type PackageEntry, packageEntriesOf } from './package-entry.ts'
import { passGate, withFolder } from './test/refuses.ts'
import { type PackedFile, writeZip } from './write.ts'

const run = promisify(execFile)
const WRITER = new URL('./write.ts', import.meta.url).href
const limits = { entriesMax: 100_000, unpackedBytesMax: 1024 ** 3, ratioMax: 1100 }

const file = (path: string, content: Buffer | string, executable = false): PackageEntry => {
  const bytes = Buffer.from(content)
  return { path, executable, size: bytes.length, content: bytes }
}
const link = (path: string, linkTarget: string): PackageEntry => ({
  path,
  kind: 'link',
  executable: false,
  size: linkTarget.length,
  content: Buffer.alloc(0),
  linkTarget,
})

function bytesOf(packed: PackedFile): Buffer {
  if ('bytes' in packed.content) return packed.content.bytes
  throw new Error('The package is not in memory')
}

const inMemory = async (entries: Iterable<PackageEntry>, options = {}) =>
  bytesOf(await writeZip(entries, { memory: true }, options))

async function pathsOf(bytes: Buffer): Promise<string[]> {
  const archive = await openArchive({ bytes }, { limits })
  return archive.entries.map(({ path }) => path)
}

test('writes entries sorted by code unit, whatever order they came in', async () => {
  const entries = ['b', 'a/z', 'C', 'a.js', 'é', '中', 'a/B'].map((path) => file(path, path))
  const one = await inMemory(entries)
  expect(await pathsOf(one)).toEqual(['C', 'a.js', 'a/B', 'a/z', 'b', 'é', '中'])
  expect((await inMemory(entries.toReversed())).equals(one)).toBe(true)
})

test('writes modes, links, UTF-8 names and the fixed time, and nothing else', async () => {
  const bytes = await inMemory([file('run', 'x', true), file('中', 'y'), link('l', 'run')])
  const archive = await openArchive({ bytes }, { limits })
  expect(archive.entries.map(({ path, mode, linkTarget }) => [path, mode, linkTarget])).toEqual([
    ['l', 0o777, 'run'],
    ['run', 0o755, undefined],
    ['中', 0o644, undefined],
  ])
  // Flags UTF-8, DOS time 0, DOS date 1980-01-01, no extra field.
  expect(bytes.readUInt16LE(6)).toBe(0x800)
  expect(bytes.readUInt32LE(10)).toBe(0x00210000)
  expect(bytes.readUInt16LE(28)).toBe(0)
})

test('writes the same bytes in every time zone and under every umask', async () => {
  const script = `
    process.umask(Number(process.argv[1]))
    const { writeZip } = await import(${JSON.stringify(WRITER)})
    const content = Buffer.from('exports.handler = () => {}')
    const entries = [{ path: 'index.js', executable: false, size: content.length, content }]
    console.log((await writeZip(entries, { memory: true })).sha256)`
  const places = ['UTC', 'Asia/Shanghai', 'America/St_Johns', 'Pacific/Kiritimati', 'Africa/Cairo']
  const hashes = places.map(async (TZ, index) => {
    const argv = ['--input-type=module', '-e', script, String(index % 2 === 0 ? 0 : 0o077)]
    return (await run(process.execPath, argv, { env: { TZ } })).stdout
  })
  const content = Buffer.from('exports.handler = () => {}')
  const here = await writeZip([file('index.js', content)], { memory: true })
  expect(new Set(await Promise.all(hashes))).toEqual(new Set([`${here.sha256}\n`]))
})

test('writes the same bytes from memory, from files and from streams of any pieces', async () => {
  await withFolder(async (folder) => {
    const contents = [randomBytes(3_000_000), Buffer.from('small'), Buffer.alloc(700_000, 'abc')]
    const named = contents.map((content, index) => ({ path: `f${index}`, content }))
    const files = named.map(async ({ path, content }) => {
      await writeFile(join(folder, path), content)
      return { ...file(path, content), content: { path: join(folder, path) } }
    })
    const streams = named.map(({ path, content }) => ({
      ...file(path, content),
      content: { open: async () => Readable.from(pieces(content)) },
    }))
    const fromMemory = await inMemory(named.map(({ path, content }) => file(path, content)))
    expect((await inMemory(await Promise.all(files))).equals(fromMemory)).toBe(true)
    expect((await inMemory(streams)).equals(fromMemory)).toBe(true)
  })
})

function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += 77_777) yield content.subarray(at, at + 77_777)
}

test('writes the same to a file as to memory, with size, digest and counts', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'out.zip')
    const entries = [file('a', randomBytes(2_000_000)), file('b/c', 'x'), link('l', 'a')]
    const memory = await writeZip(entries, { memory: true })
    const disk = await writeZip(entries, { path })
    expect(disk).toEqual({ ...memory, content: { path } })
    expect(disk).toMatchObject({ entries: 3, unpackedSize: 2_000_002 })
    expect((await readFile(path)).equals(bytesOf(memory))).toBe(true)
  })
})

test('writes an empty archive and many waves of small files that pass the gate', async () => {
  expect(await passGate({ bytes: await inMemory([]) })).toEqual([])
  const many = Array.from({ length: 900 }, (_, index) => file(`f${index}`, `content ${index}`))
  expect(await passGate({ bytes: await inMemory(many) })).toHaveLength(900)
})

test('writes what an archive holds again as the same bytes', async () => {
  const entries = [file('a', 'x', true), file('d/b', Buffer.alloc(1_200_000, 'b')), link('l', 'a')]
  const bytes = await inMemory(entries)
  const archive = await openArchive({ bytes }, { limits })
  expect((await inMemory(packageEntriesOf(archive))).equals(bytes)).toBe(true)
})

test('refuses names that the gate would refuse', async () => {
  const wrong: [string, PackageEntry[]][] = [
    ['path-escapes', [file('../a', 'x')]],
    ['duplicate-entry', [file('a', 'x'), file('A', 'y')]],
    ['file-as-folder', [file('a', 'x'), file('a/b', 'y')]],
    ['link-escapes', [link('a', '../b')]],
    ['link-target', [link('a', '')]],
  ]
  for (const [reason, entries] of wrong) {
    await expect(inMemory(entries)).rejects.toMatchObject({ reason, code: 'ARCHIVE_REFUSED' })
  }
})

test('fails on content that is not as announced, gone or no file, and leaves none', async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, 'real'), 'hello')
    await symlink('real', join(folder, 'link'))
    const from = (name: string, size: number): PackageEntry => ({
      ...file('a', 'hello'),
      size,
      content: { path: join(folder, name) },
    })
    const broken = { open: async () => Readable.from(failing(), { objectMode: false }) }
    const wrong: PackageEntry[] = [
      from('real', 4),
      from('real', 6),
      from('gone', 5),
      from('link', 5),
      from('.', 5),
      { ...file('a', 'hello'), content: broken },
      // Large enough to be streamed, which is where yazl itself would wait for ever.
      { ...file('a', 'hello'), size: 5_000_000, content: broken },
      { ...file('a', 'hello'), size: 6 },
    ]
    for (const [index, entry] of wrong.entries()) {
      const path = join(folder, `out${index}.zip`)
      await expect(writeZip([file('0', 'first'), entry], { path })).rejects.toThrow()
    }
    expect(await readdir(folder)).toEqual(['link', 'real'])
  })
})

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('hel')
  throw new Error('the disk is broken')
}

test('never overwrites what stands at the destination', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'taken')
    await writeFile(path, 'mine')
    await expect(writeZip([file('a', 'x')], { path })).rejects.toMatchObject({ code: 'EEXIST' })
    expect(await readFile(path, 'utf8')).toBe('mine')
  })
})

test('stops at the signal in the middle of a large file, leaving nothing', async () => {
  await withFolder(async (folder) => {
    const stop = new AbortController()
    const endless: PackageEntry = {
      ...file('a', ''),
      size: 1024 ** 3,
      content: { open: async () => Readable.from(stopping(stop), { objectMode: false }) },
    }
    const writing = writeZip([endless], { path: join(folder, 'out') }, { signal: stop.signal })
    await expect(writing).rejects.toThrow('enough')
    expect(await readdir(folder)).toEqual([])
  })
})

async function* stopping(stop: AbortController): AsyncGenerator<Buffer> {
  for (let block = 0; ; block += 1) {
    if (block === 8) stop.abort(new Error('enough'))
    yield Buffer.alloc(256 * 1024)
  }
}

test('keeps a package for memory within its limit', async () => {
  const written = writeZip([file('a', randomBytes(5000))], { memory: true, bytesMax: 4000 })
  await expect(written).rejects.toMatchObject({ code: 'BUG' })
})
