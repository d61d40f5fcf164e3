import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentBody, openContent, sizeOf } from './content.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-content-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function fileOf(bytes: Buffer) {
  const path = join(folder, `${bytes.length}`)
  await writeFile(path, bytes)
  return { path, size: bytes.length }
}

describe('contentBody', () => {
  it('hands bytes on as they are', async () => {
    const bytes = Buffer.from('abc')
    expect(await contentBody({ bytes })).toBe(bytes)
    expect(sizeOf({ bytes })).toBe(3)
  })

  it.each([0, 1, 256 * 1024])('reads a file of %i bytes at once', async (size) => {
    const bytes = randomBytes(size)
    const body = await contentBody(await fileOf(bytes))
    expect(Buffer.isBuffer(body) && body.equals(bytes)).toBe(true)
  })

  it('streams a larger file', async () => {
    const bytes = randomBytes(256 * 1024 + 1)
    const body = await contentBody(await fileOf(bytes))
    expect(body).toBeInstanceOf(Readable)
    if (body instanceof Readable) expect((await buffer(body)).equals(bytes)).toBe(true)
  })

  it('refuses a file of another size than announced, naming both', async () => {
    const { path } = await fileOf(Buffer.from('12345'))
    await expect(contentBody({ path, size: 4 })).rejects.toMatchObject({
      code: 'CONTENT_MISMATCH',
      message: 'Announced were 4 bytes, found were 5; nothing was stored',
    })
  })

  it('refuses a file that is gone, with the reason as cause', async () => {
    await expect(openContent({ path: join(folder, 'gone'), size: 1 })).rejects.toMatchObject({
      code: 'CONTENT_MISMATCH',
      cause: { code: 'ENOENT' },
    })
  })
})
