import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LIMITS, type NumberedPackage } from '@packline/shared'
import { type Store, storeFromUrl } from '@packline/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestFile, zipOf } from '../../../test/harness/subject.ts'
import { diffPackages } from './diff-packages.ts'

let folder: string
let store: Store
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-diff-'))
  store = storeFromUrl(pathToFileURL(folder).href)
  await store.prepare()
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

let number = 0

/** A numbered package of these files, in the store. */
async function stored(files: Record<string, TestFile>): Promise<NumberedPackage> {
  const bytes = await zipOf(files)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const key = `packages/acme/hello/${sha256}.zip`
  await store.put(key, { bytes }, { sha256 })
  number += 1
  return {
    number,
    build: `b${number}`,
    createdAt: '2026-01-05T08:00:00.000Z',
    package: {
      key,
      address: store.address(key),
      format: 'zip',
      size: bytes.length,
      sha256,
      entries: Object.keys(files).length,
      unpackedSize: 0,
    },
    verdict: { verdict: 'not-loaded', because: 'a test' },
    findings: 0,
    aliases: [],
  }
}

test('what was added, removed and changed is told with sizes and checksums', async () => {
  const one = await stored({ 'same.js': 's', 'old.js': 'gone', 'index.js': 'one' })
  const two = await stored({ 'same.js': 's', 'new.js': 'come', 'index.js': 'two2' })
  expect(await diffPackages(one, two, store)).toEqual({
    from: one.number,
    to: two.number,
    counts: { added: 1, removed: 1, changed: 1, same: 1 },
    added: [{ path: 'new.js', size: 4, crc32: expect.stringMatching(/^[0-9a-f]{8}$/) }],
    removed: [{ path: 'old.js', size: 4, crc32: expect.stringMatching(/^[0-9a-f]{8}$/) }],
    changed: [
      {
        path: 'index.js',
        from: { size: 3, crc32: '7a6c86f1' },
        to: { size: 4, crc32: expect.not.stringMatching('7a6c86f1') },
      },
    ],
  })
})

test('equal packages differ in nothing, and the way back is the other way round', async () => {
  const one = await stored({ 'a.js': 'a', 'b.js': 'b' })
  const two = await stored({ 'a.js': 'a' })
  const same = await diffPackages(one, one, store)
  expect(same.counts).toEqual({ added: 0, removed: 0, changed: 0, same: 2 })
  const forth = await diffPackages(one, two, store)
  const back = await diffPackages(two, one, store)
  expect(forth.removed).toEqual(back.added)
  expect(forth.counts).toEqual({ added: 0, removed: 1, changed: 0, same: 1 })
})

test('a link is a file whose content is its target', async () => {
  const one = await stored({ 'a.js': 'a', link: { linkTarget: 'a.js' } })
  const two = await stored({ 'a.js': 'a', 'b.js': 'a', link: { linkTarget: 'b.js' } })
  const { changed, added } = await diffPackages(one, two, store)
  expect(changed.map(({ path }) => path)).toEqual(['link'])
  expect(added.map(({ path }) => path)).toEqual(['b.js'])
})

test('rows are cut, counts are not', async () => {
  const names = Array.from({ length: LIMITS.diffRowsMax + 1 }, (_, index) => `f${index}`)
  const one = await stored({ 'a.js': '' })
  const two = await stored(Object.fromEntries(names.map((name) => [name, ''])))
  const { counts, added } = await diffPackages(one, two, store)
  expect(counts).toMatchObject({ added: names.length, removed: 1 })
  expect(added).toHaveLength(LIMITS.diffRowsMax)
})

test('a package that the store has no more is told by its number', async () => {
  const one = await stored({ 'a.js': 'only here' })
  const two = await stored({ 'a.js': 'there' })
  await store.remove(one.package.key)
  await expect(diffPackages(one, two, store)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: `The package ${one.number} is no longer in the store`,
    hint: expect.stringContaining(`/v1/builds/${one.build}/retry`),
  })
})
