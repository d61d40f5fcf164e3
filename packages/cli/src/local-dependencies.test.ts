import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localDependencies } from './local-dependencies.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-dependencies-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a file is a dependency package by its name, pinned by what is in it', async () => {
  const files = ['My Libs.zip', 'more'].map((name) => join(folder, name))
  for (const file of files) await writeFile(file, `bytes of ${file}`)
  const { pins, open } = await localDependencies(files)
  expect(pins.map(({ name, revision }) => [name, revision])).toEqual([
    ['My-Libs', 1],
    ['more', 1],
  ])
  const [first] = pins
  if (!first) throw new Error('there is no pin')
  const sha256 = createHash('sha256').update(`bytes of ${files[0]}`).digest('hex')
  expect(first).toMatchObject({ sha256, size: `bytes of ${files[0]}`.length })
  const opened = await open(first)
  expect(opened && (await text(opened.stream))).toBe(`bytes of ${files[0]}`)
  expect(await open({ ...first, name: 'other' })).toBeUndefined()
})

test('what is no file is refused, with what the option takes', async () => {
  for (const [path, said] of [
    ['libs@2', 'There is no file libs@2'],
    [folder, `${folder} is no file`],
  ] as const) {
    await expect(localDependencies([path])).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: said,
      hint: expect.stringContaining('--dependency takes the ZIP'),
    })
  }
})
