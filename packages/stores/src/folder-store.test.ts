import { hash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderStore } from './folder-store.ts'
import type { Store } from './store.ts'

let folder: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-folder-'))
  store = folderStore({ folder: join(folder, 'deep', 'store') })
  await store.prepare()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const pathOf = (...parts: string[]) => join(folder, 'deep', 'store', ...parts)
const put = (key: string, bytes: Buffer, sha256 = hash('sha256', bytes)) =>
  store.put(key, { bytes }, { sha256 })

describe('folderStore', () => {
  it('keeps an object as a plain file under its key', async () => {
    await put('packages/acme/hello/0a.zip', Buffer.from('zip'))
    expect(String(await readFile(pathOf('packages', 'acme', 'hello', '0a.zip')))).toBe('zip')
  })

  it('leaves no temporary file, neither of a put nor of a refused one', async () => {
    await put('a/good', randomBytes(1_000))
    await expect(put('a/bad', randomBytes(1_000), '0'.repeat(64))).rejects.toThrow('sha256')
    await expect(put('a/good/below', Buffer.from('x'))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
    expect(await readdir(pathOf('.incoming'))).toEqual([])
  })

  it('removes on start what a process that died left a day ago, and nothing younger', async () => {
    await writeFile(pathOf('.incoming', 'old'), 'x')
    await writeFile(pathOf('.incoming', 'young'), 'x')
    const dayBeforeYesterday = new Date(Date.now() - 48 * 60 * 60 * 1000)
    await utimes(pathOf('.incoming', 'old'), dayBeforeYesterday, dayBeforeYesterday)
    await store.prepare()
    expect(await readdir(pathOf('.incoming'))).toEqual(['young'])
  })

  it('removes folders that become empty, up to the store itself', async () => {
    await put('builds/acme/2026-11-23/1', Buffer.from('x'))
    await put('builds/other/1', Buffer.from('x'))
    await store.remove('builds/acme/2026-11-23/1')
    expect(await readdir(pathOf('builds'))).toEqual(['other'])
    await store.remove('builds/other/1')
    expect(await readdir(pathOf())).toEqual(['.incoming'])
  })

  it('lists neither its own files nor links', async () => {
    await writeFile(join(folder, 'outside'), 'secret')
    await writeFile(pathOf('.incoming', 'half'), 'x')
    await symlink(join(folder, 'outside'), pathOf('link'))
    await put('real', Buffer.from('x'))
    const keys: string[] = []
    for await (const { key } of store.list('')) keys.push(key)
    expect(keys).toEqual(['real'])
  })

  it('tells a file digest that differs, with both digests', async () => {
    const wrong = hash('sha256', 'other')
    await expect(put('a', Buffer.from('x'), wrong)).rejects.toMatchObject({
      code: 'CONTENT_MISMATCH',
      message: `The sha256 is ${hash('sha256', 'x')}; announced was ${wrong}; nothing was stored`,
    })
  })

  it('is unavailable, and makes nothing, before it was prepared', async () => {
    const unprepared = folderStore({ folder: join(folder, 'none') })
    const bytes = Buffer.from('x')
    const sha256 = hash('sha256', bytes)
    const away = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('ENOENT') }
    await expect(unprepared.put('a', { bytes }, { sha256 })).rejects.toMatchObject(away)
    await expect(unprepared.get('a')).rejects.toMatchObject(away)
    await expect(unprepared.ping()).rejects.toMatchObject(away)
    expect(await readdir(folder)).toEqual(['deep'])
  })

  it('says which folder can not be made', async () => {
    await writeFile(join(folder, 'file'), '')
    const blocked = folderStore({ folder: join(folder, 'file', 'store') })
    await expect(blocked.prepare()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(join(folder, 'file', 'store')),
    })
  })
})
