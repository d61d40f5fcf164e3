import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sourceFolder } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-folder-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('takes all files but those of tools, and those that are named', async () => {
  for (const path of ['lib', '.git', 'out']) await mkdir(join(folder, path))
  const paths = ['index.js', 'lib/part.js', 'fn.zip', '.git/HEAD', '.DS_Store', 'out/fn.zip']
  for (const path of paths) await writeFile(join(folder, path), path)
  const { files } = await sourceFolder(folder, [join(folder, 'fn.zip'), '/elsewhere/index.js'])
  expect(files.map(({ path }) => path)).toEqual(['index.js', 'lib/part.js', 'out/fn.zip'])
})

it('obeys the ignore file, which it keeps for the next step, and what is to be included', async () => {
  const paths = ['index.js', '.packlineignore', 'data/large.bin', 'data/keep.txt', '.git/HEAD']
  for (const path of ['data', '.git']) await mkdir(join(folder, path))
  for (const path of paths) await writeFile(join(folder, path), 'data/')
  const listed = async (include?: string[]) =>
    (await sourceFolder(folder, [], include)).files.map(({ path }) => path)
  expect(await listed()).toEqual(['.packlineignore', 'index.js'])
  expect(await listed(['data/keep.txt'])).toEqual(['.packlineignore', 'data/keep.txt', 'index.js'])
})
