import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { makeTestBucket } from '../../../test/harness/bucket.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import type { ReaderOptions } from './object-reader.ts'
import { objectWriter } from './object-writer.ts'

const users = await makeTestBucket()
afterAll(() => users.remove())
const { endpoint, region, accessKeyId, secretAccessKey } = users.store
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

function writer(more: Partial<ReaderOptions> = {}) {
  const keys = { accessKey: accessKeyId, secretKey: secretAccessKey }
  const options = { endpoint, region, bucket: users.bucket, addressing: 'path', ...keys } as const
  const made = objectWriter({ ...options, ...more })
  onTestFinished(() => made.close())
  return made
}

describe('an object put into a bucket of others', () => {
  test('is there, from memory and from a file, also a second time', async () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024, 'packline')
    const path = join(temporaryFolder(), 'file.zip')
    await writeFile(path, bytes)
    const options = { sha256: sha256Of(bytes) }
    await writer().put('one/of memory.zip', { bytes }, options)
    await writer().put('one/of memory.zip', { bytes }, options)
    await writer().put('one/file.zip', { path, size: bytes.length }, options)
    expect((await users.get('one/of memory.zip')).equals(bytes)).toBe(true)
    expect((await users.get('one/file.zip')).equals(bytes)).toBe(true)
  })

  test('is not kept where it is not what was announced', async () => {
    const announced = { sha256: sha256Of(Buffer.from('another')) }
    const put = writer().put('other.zip', { bytes: Buffer.from('content') }, announced)
    await expect(put).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' })
    expect(await users.keys()).not.toContain('other.zip')
  })
})

describe('the address of an object', () => {
  test("is the store's own, with the bucket in path or host", () => {
    expect(writer().address('a b/c.zip')).toBe(`${endpoint}/${users.bucket}/a%20b/c.zip`)
    const hosted = { endpoint: 'https://obs.east.example', bucket: 'code', addressing: 'host' }
    const { address } = writer(hosted as Partial<ReaderOptions>)
    expect(address('a/c.zip')).toBe('https://code.obs.east.example/a/c.zip')
  })
})

describe('a store that takes nothing', () => {
  const bytes = Buffer.from('content')
  const said = (more: Partial<ReaderOptions>) =>
    writer(more)
      .put('a.zip', { bytes }, { sha256: sha256Of(bytes) })
      .catch((error: unknown) => error)

  test('is told as away, with what it answered', async () => {
    expect(await said({ endpoint: 'http://127.0.0.1:9' })).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('did not answer'),
    })
    expect(await said({ secretKey: 'wrong-secret-canary' })).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.not.stringContaining('canary'),
      hint: expect.stringContaining('secret key is wrong'),
    })
  })

  test('has to be given its bucket by its owner: it is not ours to make', async () => {
    expect(await said({ bucket: 'no-such-bucket' })).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      hint: 'Make the bucket "no-such-bucket".',
    })
  })
})
