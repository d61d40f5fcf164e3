import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findHere } from './find-here.ts'
import { removeHere, writeHere } from './write-here.ts'

let root: string
let folder: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'packline here '))
  folder = join(root, 'inside')
  await mkdir(folder)
})
afterEach(() => rm(root, { recursive: true }))

const file = (text: string, executable = false) =>
  ({ kind: 'file', bytes: Buffer.from(text), executable }) as const

describe('what is found', () => {
  test('has a tag that tells content, mode, link and folder, and goes into an archive', async () => {
    await writeFile(join(folder, 'a'), 'text')
    await writeFile(join(folder, 'run'), 'text')
    await chmod(join(folder, 'run'), 0o755)
    await symlink('a', join(folder, 'link'))
    await mkdir(join(folder, 'empty'))
    const found = await findHere(folder, ['a', 'run', 'link', 'empty', 'none', 'a/none'])
    expect([...found.keys()]).toEqual(['a', 'run', 'link', 'empty'])
    expect(new Set([...found.values()].map(({ tag }) => tag)).size).toBe(4)
    expect(found.get('run')?.entry).toMatchObject({ path: 'run', size: 4, executable: true })
    expect(found.get('link')?.entry).toMatchObject({ kind: 'link', size: 1, linkTarget: 'a' })
    expect(found.get('empty')?.entry).toBeUndefined()
  })

  test('lies in the folder itself, never behind a link', async () => {
    await mkdir(join(root, 'outside'))
    await writeFile(join(root, 'outside/a'), 'secret')
    await symlink('../outside', join(folder, 'lib'))
    expect([...(await findHere(folder, ['lib', 'lib/a'])).keys()]).toEqual(['lib'])
  })
})

describe('what is written', () => {
  test('is a file with its mode, a link or a folder, in place of what stood there', async () => {
    await writeHere(folder, 'lib/run', file('one', true))
    expect((await lstat(join(folder, 'lib/run'))).mode & 0o777).toBe(0o755)
    await writeHere(folder, 'lib/run', file('two'))
    expect(await readFile(join(folder, 'lib/run'), 'utf8')).toBe('two')
    expect((await lstat(join(folder, 'lib/run'))).mode & 0o111).toBe(0)
    await writeHere(folder, 'lib/run', { kind: 'link', target: 'other' })
    expect(await readlink(join(folder, 'lib/run'))).toBe('other')
    await writeHere(folder, 'lib/run', { kind: 'folder' })
    await writeHere(folder, 'lib/run', file('three'))
    expect(await readdir(join(folder, 'lib'))).toEqual(['run'])
  })

  test('goes over no folder that holds something, and leaves nothing behind', async () => {
    await writeHere(folder, 'lib/a', file('mine'))
    await expect(writeHere(folder, 'lib', file('x'))).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('it is a folder'),
    })
    expect(await readdir(folder)).toEqual(['lib'])
    expect(await readFile(join(folder, 'lib/a'), 'utf8')).toBe('mine')
  })

  test('goes through no link and into no file', async () => {
    await mkdir(join(root, 'outside'))
    await symlink('../outside', join(folder, 'lib'))
    await writeFile(join(folder, 'taken'), '')
    for (const path of ['lib/a', 'taken/a']) {
      await expect(writeHere(folder, path, file('x'))).rejects.toMatchObject({
        message: expect.stringContaining('is no folder'),
      })
    }
    expect(await readdir(join(root, 'outside'))).toEqual([])
  })
})

test('what is removed is a file, a link itself or an empty folder; else it stays', async () => {
  await writeHere(folder, 'kept/a', file(''))
  await symlink('kept', join(folder, 'link'))
  await mkdir(join(folder, 'empty'))
  for (const path of ['link', 'empty', 'kept', 'none']) await removeHere(folder, path)
  expect(await readdir(folder)).toEqual(['kept'])
  expect(await readdir(join(folder, 'kept'))).toEqual(['a'])
})
