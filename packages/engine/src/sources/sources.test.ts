import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { loadProfile } from '@packline/profiles'
import { buildOptionsSchema, type SourceSpec } from '@packline/shared'
import { expect, test } from 'vitest'
import { contextIn } from '../../../../test/harness/context.ts'
import { zipOf } from '../../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import type { BuildContext } from '../context.ts'
import { openWorkbench, type Workbench } from '../workbench.ts'
import { sourceOf } from './registry.ts'
import type { FetchedSource } from './source.ts'

const profile = await loadProfile('ctyun-functiongraph')

/** What a source gives; `look` sees it before the build's scratch goes. */
async function fetched<T>(
  spec: SourceSpec,
  look: (source: FetchedSource, bench: Workbench) => Promise<T>,
  given: Partial<BuildContext> = {},
): Promise<T> {
  const context = await contextIn(temporaryFolder(), { profile, ...given })
  const bench = openWorkbench(context, 10_000)
  try {
    const build = buildOptionsSchema.parse({})
    return await look(await sourceOf(spec).fetch(spec, context, bench, build), bench)
  } finally {
    await bench.close()
  }
}

const treeOf = async (source: FetchedSource) => {
  if (!('tree' in source)) throw new Error('it is an archive')
  const { tree } = source
  const texts = tree.files.map(async ({ path, executable, linkTarget }) => {
    const text = linkTarget ?? (await tree.read(path, 1e6)).toString()
    return [path, text, executable] as const
  })
  return { pin: source.pin, files: await Promise.all(texts) }
}

test('inline files are text or base64, and executable where they say so', async () => {
  const base64 = Buffer.from([0, 255]).toString('base64')
  const files = {
    'a.js': '你好',
    'bin/run': { text: '#!/bin/sh\n', executable: true },
    'data.bin': { base64 },
  }
  const found = await fetched({ kind: 'inline', files }, treeOf)
  expect(found.files).toEqual([
    ['a.js', '你好', false],
    ['bin/run', '#!/bin/sh\n', true],
    ['data.bin', Buffer.from([0, 255]).toString(), false],
  ])
  expect(found.pin).toMatchObject({
    kind: 'inline',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})

test('the same inline files have the same pin, whatever way they are written', async () => {
  const pinOf = async (files: Extract<SourceSpec, { kind: 'inline' }>['files']) =>
    (await fetched({ kind: 'inline', files }, treeOf)).pin
  const one = await pinOf({ a: '1', b: { text: '2' } })
  expect(await pinOf({ b: { base64: Buffer.from('2').toString('base64') }, a: '1' })).toEqual(one)
  expect(await pinOf({ a: '1', b: { text: '2', executable: true } })).not.toEqual(one)
})

const uploadOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const opened = (bytes: Buffer, size = bytes.length) => ({
  openUpload: async () => ({ size, stream: Readable.from(pieces(bytes)) }),
})
function* pieces(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

test('a small upload stays in memory, a large one goes to the scratch', async () => {
  const small = await zipOf({ 'a.js': '1' })
  const large = Buffer.alloc(5 * 1024 * 1024, 'packline')
  const spec = (bytes: Buffer) => ({ kind: 'upload', upload: uploadOf(bytes) }) as const
  await fetched(
    spec(small),
    async (source) => {
      expect(source).toMatchObject({ archive: { bytes: small }, size: small.length })
    },
    opened(small),
  )
  await fetched(
    spec(large),
    async (source, bench) => {
      const path = join(await bench.folder('fetched'), 'upload.zip')
      expect(source).toEqual({
        pin: { kind: 'upload', sha256: uploadOf(large), size: large.length },
        archive: { path },
        size: large.length,
        sha256: uploadOf(large),
      })
    },
    opened(large),
  )
})

test('a draft is the archive that was made when the build was accepted', async () => {
  const bytes = await zipOf({ 'index.js': '1' })
  const sha256 = uploadOf(bytes)
  const spec = { kind: 'draft', version: 3, sha256, size: bytes.length } as const
  const openDraft = async (asked: string) =>
    asked === sha256 ? opened(bytes).openUpload() : undefined
  const look = async (source: FetchedSource) => source
  const pin = { kind: 'draft', version: 3, sha256 }
  const expected = { pin, archive: { bytes }, size: bytes.length, sha256 }
  expect(await fetched(spec, look, { openDraft })).toEqual(expected)
  // One that was too large to be opened is the upload itself.
  const listed = { ...spec, upload: true }
  expect(await fetched(listed, look, opened(bytes))).toEqual(expected)
  const gone = fetched({ ...spec, sha256: 'a'.repeat(64) }, look, { openDraft })
  await expect(gone).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
  const unpinned = fetched({ kind: 'draft' }, look, { openDraft })
  await expect(unpinned).rejects.toMatchObject({ code: 'BUG' })
})

test.each([
  ['of other bytes', Buffer.from('other'), 5, 'CONTENT_MISMATCH'],
  ['cut in the middle', Buffer.from('upl'), 6, 'CONTENT_MISMATCH'],
  ['longer than announced', Buffer.from('upload'), 5, 'CONTENT_MISMATCH'],
])('an upload that comes %s is not used, and tried again', async (_how, bytes, size, code) => {
  const spec = { kind: 'upload', upload: uploadOf(Buffer.from('upload')) } as const
  await expect(fetched(spec, treeOf, opened(bytes, size))).rejects.toMatchObject({ code })
})

test('an upload that is not there, or whose store breaks off, is told apart', async () => {
  const spec = { kind: 'upload', upload: 'a'.repeat(64) } as const
  const none = fetched(spec, treeOf, { openUpload: async () => undefined })
  await expect(none).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
  const stream = new Readable({
    read() {
      this.push('half')
      this.destroy(new Error('socket hang up'))
    },
  })
  const broken = fetched(spec, treeOf, { openUpload: async () => ({ size: 100, stream }) })
  await expect(broken).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
})

test('an upload whose store says no more ends with the build', async () => {
  const spec = { kind: 'upload', upload: 'a'.repeat(64) } as const
  const stop = new AbortController()
  const stream = new Readable({ read: () => undefined })
  stream.push('half')
  const given = { signal: stop.signal, openUpload: async () => ({ size: 100, stream }) }
  const waiting = fetched(spec, treeOf, given)
  setTimeout(() => stop.abort(new Error('cancelled')), 50)
  await expect(waiting).rejects.toThrow('cancelled')
  expect(stream.destroyed).toBe(true)
})

function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

test('a folder is taken without what no function needs, and stays as it is', async () => {
  const path = folderWith({
    'index.js': '1',
    'lib/a.js': '2',
    '.git/HEAD': 'ref',
    'lib/.DS_Store': '',
    'out/hello.zip': 'PK',
  })
  symlinkSync('lib/a.js', join(path, 'link.js'))
  const spec = { kind: 'folder', path, leaveOut: [join(path, 'out/hello.zip')] } as const
  const found = await fetched(spec, treeOf)
  expect(found.files).toEqual([
    ['index.js', '1', false],
    ['lib/a.js', '2', false],
    ['link.js', 'lib/a.js', false],
  ])
  expect((await fetched(spec, treeOf)).pin).toEqual(found.pin)
})

test('a large folder is copied, and has the pin that its content has', async () => {
  const files = { 'index.js': '1', 'data.bin': 'x'.repeat(5 * 1024 * 1024), '.git/HEAD': 'ref' }
  const paths = [folderWith(files), folderWith(files)]
  const pins = await Promise.all(
    paths.map((path) =>
      fetched({ kind: 'folder', path }, async (source, bench) => {
        if (!('tree' in source)) throw new Error('it is an archive')
        expect(source.tree.files.map((file) => file.path)).toEqual(['data.bin', 'index.js'])
        const [file] = source.tree.files
        const content = file && source.tree.entry(file).content
        expect(content).toEqual({ path: join(await bench.folder('source'), 'data.bin') })
        return source.pin
      }),
    ),
  )
  expect(pins[0]).toEqual(pins[1])
})

test('more small files than a process may have open are read', async () => {
  const files = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`lib/${at}.js`, 'x']))
  const found = await fetched({ kind: 'folder', path: folderWith(files) }, treeOf)
  expect(found.files).toHaveLength(3000)
})

test('what is no folder, or larger than the platform takes, is refused before it is copied', async () => {
  const path = folderWith({ 'index.js': '1', 'huge.bin': '' })
  truncateSync(join(path, 'huge.bin'), profile.limits.unpackedBytesMax)
  const cases = [
    [path, 'UNPACKED_TOO_LARGE', /holds 1610612737 bytes; .* 1610612736/],
    [join(path, 'index.js'), 'SOURCE_NOT_FOUND', /is no folder/],
    [join(path, 'none'), 'SOURCE_NOT_FOUND', /There is no folder/],
  ] as const
  for (const [at, code, message] of cases) {
    const refused = fetched({ kind: 'folder', path: at }, treeOf)
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  }
})
