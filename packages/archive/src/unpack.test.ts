import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { type Crafted, craftZip } from './test/craft-zip.ts'
import { withFile, withFolder } from './test/refuses.ts'
import { unpackArchive } from './unpack.ts'

const run = promisify(execFile)
const limits = { entriesMax: 1000, unpackedBytesMax: 1024 ** 3, ratioMax: 1100 }
const modeOf = async (...path: string[]) => (await lstat(join(...path))).mode & 0o7777

const large = randomBytes(1_300_000)
const TREE: Crafted[] = [
  { name: 'link', content: 'deep/in/file.txt', mode: 0o120777 },
  { name: 'deep/in/file.txt', content: 'hello', mode: 0o100600 },
  { name: 'run', content: '#!/bin/sh\n', mode: 0o104711 },
  { name: 'empty/', mode: 0o040700 },
  { name: 'empty.txt' },
  { name: 'large.bin', content: large, descriptor: 'signed' },
]

test('unpacks files, folders and links with their contents and plain modes', async () => {
  await withFolder(async (folder) => {
    const archive = await openArchive({ bytes: craftZip(TREE) }, { limits })
    await unpackArchive(archive, join(folder, 'new/one'))
    const root = join(folder, 'new/one')
    expect((await readdir(root, { recursive: true })).sort()).toEqual([
      'deep',
      'deep/in',
      'deep/in/file.txt',
      'empty',
      'empty.txt',
      'large.bin',
      'link',
      'run',
    ])
    expect(await readlink(join(root, 'link'))).toBe('deep/in/file.txt')
    expect(await readFile(join(root, 'link'), 'utf8')).toBe('hello')
    expect((await readFile(join(root, 'large.bin'))).equals(large)).toBe(true)
    expect(await readFile(join(root, 'empty.txt'), 'utf8')).toBe('')
    const modes = ['deep', 'deep/in/file.txt', 'run', 'empty'].map((path) => modeOf(root, path))
    // setuid is gone, and what only its owner could read is readable.
    expect(await Promise.all(modes)).toEqual([0o755, 0o644, 0o755, 0o755])
  })
})

test('gives the same modes under a tight umask', async () => {
  const module = (name: string) => JSON.stringify(new URL(`./${name}`, import.meta.url).href)
  const script = `
    process.umask(0o077)
    const { openArchive } = await import(${module('archive.ts')})
    const { unpackArchive } = await import(${module('unpack.ts')})
    const [path, folder] = process.argv.slice(1)
    const archive = await openArchive({ path }, { limits: ${JSON.stringify(limits)} })
    await unpackArchive(archive, folder)
    await archive.close()`
  await withFolder((folder) =>
    withFile(craftZip(TREE), async (path) => {
      const root = join(folder, 'out')
      await run(process.execPath, ['--input-type=module', '-e', script, path, root])
      const modes = ['deep', 'deep/in/file.txt', 'run'].map((name) => modeOf(root, name))
      expect(await Promise.all(modes)).toEqual([0o755, 0o644, 0o755])
    }),
  )
})

test('does not unpack into a folder where something, perhaps a way out, stands', async () => {
  await withFolder(async (folder) => {
    await mkdir(join(folder, 'outside'))
    await mkdir(join(folder, 'root'))
    await symlink('../outside', join(folder, 'root/deep'))
    const archive = await openArchive({ bytes: craftZip(TREE) }, { limits })
    await expect(unpackArchive(archive, join(folder, 'root'))).rejects.toMatchObject({
      code: 'BUG',
    })
    expect(await readdir(join(folder, 'outside'))).toEqual([])
  })
})

test('never writes through what appears while it unpacks', async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, 'victim'), 'precious')
    const archive = await openArchive({ bytes: craftZip(TREE) }, { limits })
    const root = join(folder, 'root')
    // The race of another process that puts a link where a file is about to be made.
    const raced = {
      ...archive,
      read: async (path: string, bytesMax: number) => {
        if (path === 'run') await symlink('../victim', join(root, 'run'))
        return archive.read(path, bytesMax)
      },
    }
    await expect(unpackArchive(raced, root)).rejects.toMatchObject({ code: 'EEXIST' })
    expect(await readFile(join(folder, 'victim'), 'utf8')).toBe('precious')
  })
})

test('stops at the first content that is not as the directory says', async () => {
  const broken: Crafted[] = [
    { name: 'small', content: 'x', both: { crc: 1 } },
    { name: 'large', content: large, both: { crc: 1 } },
    { name: 'longer', content: large, both: { size: 1_200_000 } },
  ]
  for (const entry of broken) {
    await withFolder(async (folder) => {
      const archive = await openArchive({ bytes: craftZip([entry]) }, { limits })
      await expect(unpackArchive(archive, folder)).rejects.toMatchObject({
        code: 'ARCHIVE_DAMAGED',
        entry: entry.name,
      })
    })
  }
})

test('stops when the signal says so', async () => {
  await withFolder(async (folder) => {
    const archive = await openArchive({ bytes: craftZip(TREE) }, { limits })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(unpackArchive(archive, folder, { signal })).rejects.toThrow('enough')
  })
})
