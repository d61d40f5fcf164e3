import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import { findPackages } from './find-packages.ts'

const { signal } = new AbortController()
const here = { environment: {}, scratch: '/nowhere', signal }

test('ZIPs and JARs of a folder and those below it are found, sorted, with size and digest', async () => {
  const folder = temporaryFolder()
  await mkdir(join(folder, 'team'))
  for (const path of ['b.zip', 'a.JAR', 'team/c.zip', 'notes.txt']) {
    await writeFile(join(folder, path), 'x')
  }
  const found = await findPackages(folder, here)
  expect(found.map(({ name }) => name)).toEqual(['a.JAR', 'b.zip', 'team/c.zip'])
  expect(await found[1]?.fetch(async (file) => file)).toEqual({
    path: join(folder, 'b.zip'),
    size: 1,
    sha256: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
  })
})

test('links to files are followed; one to nothing is told when it is fetched', async () => {
  const folder = temporaryFolder()
  await mkdir(join(folder, 'folder.zip'))
  await writeFile(join(folder, 'built'), 'x')
  for (const [name, target] of [
    ['current.zip', 'built'],
    ['gone.zip', 'nothing'],
    ['folder-link.zip', 'folder.zip'],
  ] as const) {
    await symlink(target, join(folder, name))
  }
  const [current, gone, ...more] = await findPackages(folder, here)
  expect(more).toEqual([])
  expect(await current?.fetch(async ({ size }) => size)).toBe(1)
  await expect(gone?.fetch(async () => 1)).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
})

test.each([
  ['/nowhere/at/all', /There is no folder \/nowhere/],
  ['s3://bucket/prefix', /Nothing says where the bucket bucket is/],
])('%s is told as it is', async (place, message) => {
  await expect(findPackages(place, here)).rejects.toThrow(message)
})

test('a folder without packages is most likely not the one that was meant', async () => {
  await expect(findPackages(temporaryFolder(), here)).rejects.toThrow('There is no .zip or .jar')
})
