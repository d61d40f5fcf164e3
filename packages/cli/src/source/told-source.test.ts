import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toldSource } from './told-source.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline told '))
  await writeFile(join(folder, 'x.zip'), '')
})
afterAll(() => rm(folder, { recursive: true }))

describe('what submit is given', () => {
  test.each([
    ['git+https://host/a/b.git', {}, { kind: 'git', url: 'https://host/a/b.git' }],
    ['git+https://host/b#v1.2', {}, { kind: 'git', url: 'https://host/b', ref: 'v1.2' }],
    [
      'git+ssh://git@host/b.git#main',
      { ref: 'other', path: 'functions/a' },
      { kind: 'git', url: 'ssh://git@host/b.git', ref: 'other', path: 'functions/a' },
    ],
    ['git+file:///srv/code', {}, { kind: 'git', url: '/srv/code' }],
    ['s3://bucket/a/b.zip', {}, { kind: 'object', address: 's3://bucket/a/b.zip' }],
    ['https://host/a.tar.gz', {}, { kind: 'url', url: 'https://host/a.tar.gz' }],
  ])('%s with %j is taken as %j', async (text, told, expected) => {
    expect(await toldSource(text, told)).toEqual(expected)
  })

  test('is a folder or an archive where one lies here, by what is there and not by its name', async () => {
    expect(await toldSource(folder)).toEqual({ kind: 'folder', path: folder })
    const file = join(folder, 'x.zip')
    expect(await toldSource(file)).toEqual({ kind: 'archive', path: file })
  })

  test.each([
    ['nowhere', {}, 'There is no nowhere here'],
    ['/dev/null', {}, '/dev/null is neither a folder nor a file'],
    ['s3://bucket/key', { ref: 'main' }, '--ref and --path belong to a git repository'],
  ])('%s with %j is refused: %s', async (text, told, message) => {
    await expect(toldSource(text, told)).rejects.toMatchObject({ code: 'INVALID_REQUEST', message })
  })
})
