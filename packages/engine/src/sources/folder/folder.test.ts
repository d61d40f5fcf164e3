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
