import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withFiles } from './lay-out.ts'

let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'packline lay-out-'))
})
afterEach(() => rmSync(scratch, { recursive: true }))

const ACCESS = {
  env: {},
  binds: [],
  reach: [],
  files: { '/build/registries/npmrc': 'token', '/build/registries/x.jks': Buffer.from([0xfe]) },
}

test('files are there while the work runs, for their owner alone, and gone after it', async () => {
  const seen = await withFiles(ACCESS, scratch, async () => {
    const folder = join(scratch, 'registries')
    expect(readFileSync(join(folder, 'npmrc'), 'utf8')).toBe('token')
    expect(readFileSync(join(folder, 'x.jks'))).toEqual(Buffer.from([0xfe]))
    return readdirSync(folder).map((name) => lstatSync(join(folder, name)).mode & 0o777)
  })
  expect(seen).toEqual([0o600, 0o600])
  expect(readdirSync(scratch)).toEqual([])
})

test('files are gone after work that failed, too', async () => {
  const failed = withFiles(ACCESS, scratch, () => Promise.reject(new Error('no')))
  await expect(failed).rejects.toThrow('no')
  expect(readdirSync(scratch)).toEqual([])
})

test('a link that an earlier command left is not written through', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'packline elsewhere-'))
  symlinkSync(elsewhere, join(scratch, 'registries'))
  await withFiles(ACCESS, scratch, async () => {
    expect(readdirSync(elsewhere)).toEqual([])
    expect(lstatSync(join(scratch, 'registries')).isDirectory()).toBe(true)
  })
  expect(readdirSync(elsewhere)).toEqual([])
  rmSync(elsewhere, { recursive: true })
})

test('nothing is made where there are no files', async () => {
  expect(await withFiles(undefined, scratch, async () => readdirSync(scratch))).toEqual([])
})
