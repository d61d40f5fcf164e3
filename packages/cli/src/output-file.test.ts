import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { outputFile, outputPlace } from './output-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-output-'))
})
afterEach(() => rm(folder, { recursive: true }))

const told = { sha256: 'a'.repeat(64), contentType: 'application/zip' }

describe('the place of a package', () => {
  test('is a file of that name, whatever format it has', async () => {
    const place = await outputPlace(join(folder, 'my.package'), 'hello')
    expect(place.folder).toBe(folder)
    expect([place.fileName('zip'), place.fileName('jar')]).toEqual(['my.package', 'my.package'])
  })

  test('is a folder, where there is one or the name ends like one', async () => {
    for (const path of [folder, join(folder, 'new/')]) {
      const place = await outputPlace(path, 'hello')
      expect(join(place.folder, place.fileName('jar'))).toBe(join(path, 'hello.jar'))
    }
    expect(await readdir(folder)).toEqual([])
  })

  test('is here, where nothing is said', async () => {
    expect(await outputPlace(undefined, 'hello')).toMatchObject({ folder: process.cwd() })
  })

  test('is refused before anything is built, where nothing can be written', async () => {
    await writeFile(join(folder, 'file'), '')
    for (const path of ['file/x.zip', 'file/deep/x.zip']) {
      await expect(outputPlace(join(folder, path), 'hello')).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        message: expect.stringMatching(
          /file(\/deep)? can not be written: a part of the path is no folder$/,
        ),
        hint: 'Name another place for it.',
      })
    }
  })
})

describe('a package', () => {
  test('is written whole, in a folder made for it, over an older one', async () => {
    const store = outputFile(join(folder, 'new'))
    await store.put('x.zip', { bytes: Buffer.from('old') }, told)
    await writeFile(join(folder, 'made'), 'newer')
    await store.put('x.zip', { path: join(folder, 'made'), size: 5 }, told)
    expect(await readFile(join(folder, 'new/x.zip'), 'utf8')).toBe('newer')
    expect(await readdir(join(folder, 'new'))).toEqual(['x.zip'])
    expect(store.address('x.zip')).toBe(`file://${folder}/new/x.zip`)
  })

  test('that can not be written leaves nothing, and says why', async () => {
    await mkdir(join(folder, 'x.zip/inside'), { recursive: true })
    const put = outputFile(folder).put('x.zip', { bytes: Buffer.from('new') }, told)
    await expect(put).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: `${folder}/x.zip can not be written: it is a folder`,
    })
    expect(await readdir(folder)).toEqual(['x.zip'])
  })
})
