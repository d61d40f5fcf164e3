import { chown, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { handOver } from './hand-over.ts'

const UID = 61_100

const isRoot = process.getuid?.() === 0
const needsRoot = 'only root can give folders away'

describe('handOver', () => {
  let folder = ''
  const owner = async (path: string) => (await lstat(join(folder, path))).uid
  const file = async (path: string, uid = 0) => {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), '')
    await chown(join(folder, path), uid, uid)
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packline-hand-over-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('changes the owner of everything below, of links themselves', async ({ skip }) => {
    if (!isRoot) skip(needsRoot)
    await file('build/a/b/c/d/file')
    await file('outside')
    await symlink('../outside', join(folder, 'build/link'))
    await symlink('..', join(folder, 'build/up'))
    for (let count = 0; count < 150; count++) await file(`build/many/${count}`)
    await handOver(join(folder, 'build'), UID)
    const paths = ['build', 'build/a/b/c/d/file', 'build/link', 'build/up', 'build/many/149']
    expect(await Promise.all(paths.map(owner))).toEqual(paths.map(() => UID))
    expect(await Promise.all(['', 'outside'].map(owner))).toEqual([0, 0])
  })

  it('hands over what the worker added later, as a whole', async ({ skip }) => {
    if (!isRoot) skip(needsRoot)
    await file('build/source/installed/deep/er/file')
    await handOver(join(folder, 'build'), UID)
    await file('build/source/settings')
    await file('build/output/a/b/c/file')
    await handOver(join(folder, 'build'), UID)
    const paths = ['build/source/settings', 'build/output', 'build/output/a/b/c/file']
    expect(await Promise.all(paths.map(owner))).toEqual(paths.map(() => UID))
  })

  it('does not search a tree that the user has made', async ({ skip }) => {
    if (!isRoot) skip(needsRoot)
    await file('build/source/installed/deep/er/file')
    await handOver(join(folder, 'build'), UID)
    await chown(join(folder, 'build/source/installed/deep/er/file'), 0, 0)
    await handOver(join(folder, 'build'), UID)
    expect(await owner('build/source/installed/deep/er/file')).toBe(0)
  })
})
