import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { openArchive } from '@packline/archive'
import type { Client } from '@packline/client'
import { LIMITS } from '@packline/shared'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bringFolder } from './bring-folder.ts'

const LIMITS_OF_TEST = {
  entriesMax: 1000,
  unpackedBytesMax: 10 ** 7,
  ratioMax: LIMITS.archiveRatioMax,
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline bring '))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(files: Record<string, string | Buffer>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

/** Keeps what was uploaded, as the API would. */
function uploads() {
  const sent: Buffer[] = []
  const client: Pick<Client, 'upload'> = {
    upload: async (content, size) => {
      const bytes = content instanceof Readable ? await buffer(content) : content
      expect(bytes.length).toBe(size)
      sent.push(bytes)
      return { upload: 'a'.repeat(64), sha256: 'a'.repeat(64), size, format: 'zip', entries: 1 }
    },
  }
  return { sent, client }
}

const signal = AbortSignal.timeout(20_000)

test('a small folder goes with the request: text, bytes and what may be run', async () => {
  const { client, sent } = uploads()
  const bytes = Buffer.from([0xff, 0xfe, 0x00])
  await write({ 'index.js': '// 函数\n', 'a/logo.bin': bytes, bootstrap: '#!/bin/sh\n' })
  await chmod(join(folder, 'bootstrap'), 0o755)
  const { source } = await bringFolder(client, folder, { signal })
  expect(source).toEqual({
    kind: 'inline',
    as: 'source',
    files: {
      'index.js': '// 函数\n',
      'a/logo.bin': { base64: bytes.toString('base64'), executable: false },
      bootstrap: { text: '#!/bin/sh\n', executable: true },
    },
  })
  expect(sent).toEqual([])
})

test('what .packlineignore names stays here, but for what is included', async () => {
  const { client } = uploads()
  await write({
    'index.js': '',
    'notes/a.txt': '',
    'notes/keep.txt': '',
    '.git/HEAD': '',
    '.packlineignore': 'notes/\n',
  })
  const named = async (include?: string[]) => {
    const { source } = await bringFolder(client, folder, { include, signal })
    return source.kind === 'inline' ? Object.keys(source.files).toSorted() : []
  }
  // The server reads the ignore file, too: it takes the same away as is taken here.
  expect(await named()).toEqual(['.packlineignore', 'index.js'])
  expect(await named(['notes/keep.txt'])).toEqual(['.packlineignore', 'index.js', 'notes/keep.txt'])
})

test.each([
  ['is large', async () => write({ 'index.js': '', 'text.txt': 'x'.repeat(200_000) })],
  [
    'has many files',
    async () =>
      write(Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`f${at}.js`, '']))),
  ],
  [
    'holds a link',
    async () => {
      await write({ 'index.js': '' })
      await symlink('index.js', join(folder, 'link.js'))
    },
  ],
])('a folder that %s goes as a ZIP, with the same bytes each time', async (_, make) => {
  const { client, sent } = uploads()
  await make()
  const first = await bringFolder(client, folder, { signal })
  await bringFolder(client, folder, { as: 'package', signal })
  expect(first.source).toEqual({ kind: 'upload', upload: 'a'.repeat(64), as: 'source' })
  const [one, other] = sent
  expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true)
  const archive = await openArchive({ bytes: one ?? Buffer.alloc(0) }, { limits: LIMITS_OF_TEST })
  expect(archive.entries.some(({ path }) => path === 'index.js' || path === 'f7.js')).toBe(true)
  await archive.close()
})
