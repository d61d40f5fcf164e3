import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { makeTestBucket } from '../../../test/harness/bucket.ts'
import { objectReader, type ReaderOptions } from './object-reader.ts'

const users = await makeTestBucket()
afterAll(() => users.remove())
const { endpoint, region, accessKeyId, secretAccessKey } = users.store
const never = new AbortController().signal

function reader(more: Partial<ReaderOptions> = {}) {
  const keys = { accessKey: accessKeyId, secretKey: secretAccessKey }
  const options = { endpoint, region, bucket: users.bucket, addressing: 'path', ...keys } as const
  const made = objectReader({ ...options, ...more })
  onTestFinished(() => made.close())
  return made
}

describe('an object of MinIO', () => {
  test.each(['a.zip', 'folder/你好 +&?#%41.zip', '.hidden/..name', "it's(1)!*.zip"])(
    'is found and read by its key: %s',
    async (key) => {
      await users.put(key, Buffer.from('content'))
      const found = await reader().head(key, never)
      expect(found).toEqual({ is: 'found', size: 7, etag: expect.stringMatching(/^"\w+"$/) })
      if (found.is !== 'found') return
      const read = await reader().get(key, found.etag, never)
      if (read.is !== 'found') throw new Error(read.is)
      expect(String(await buffer(read.stream))).toBe('content')
    },
  )

  test('is read only as the one that was found', async () => {
    await users.put('changed.zip', Buffer.from('one'))
    const found = await reader().head('changed.zip', never)
    if (found.is !== 'found') throw new Error(found.is)
    await users.put('changed.zip', Buffer.from('two'))
    expect(await reader().get('changed.zip', found.etag, never)).toEqual({ is: 'changed' })
  })

  test('that is not there is told from a bucket that is not there', async () => {
    expect(await reader().head('none.zip', never)).toEqual({ is: 'missing' })
    expect(await reader().get('none.zip', '"x"', never)).toMatchObject({ is: 'missing' })
    expect(await reader({ bucket: 'no-such-bucket' }).head('a.zip', never)).toEqual({
      is: 'no bucket',
    })
  })

  test('is refused to another key', async () => {
    const wrong = reader({ secretKey: 'wrong-secret' })
    expect(await wrong.head('a.zip', never)).toEqual({ is: 'refused', said: expect.any(String) })
    expect(await wrong.get('a.zip', '"x"', never)).toMatchObject({
      is: 'refused',
      said: '403 SignatureDoesNotMatch',
    })
  })
})

/** A store that answers as the test wants, which MinIO does not. */
async function standIn(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('an object of another store', () => {
  test('may be in another region, which the store says in several ways', async () => {
    const at = await standIn(({ url }, response) => {
      if (url?.endsWith('moved')) response.setHeader('x-amz-bucket-region', 'west')
      if (url?.endsWith('obs')) response.setHeader('x-obs-bucket-location', 'north')
      if (url?.endsWith('head')) response.setHeader('x-amz-bucket-region', 'south')
      if (url?.endsWith('own')) response.setHeader('x-amz-bucket-region', region)
      response.writeHead(/head$|own$/.test(url ?? '') ? 400 : 301).end()
    })
    const away = reader({ endpoint: at })
    expect(await away.head('moved', never)).toEqual({ is: 'elsewhere', region: 'west' })
    expect(await away.head('obs', never)).toEqual({ is: 'elsewhere', region: 'north' })
    expect(await away.head('head', never)).toEqual({ is: 'elsewhere', region: 'south' })
    expect(await away.head('own', never)).toEqual({ is: 'refused', said: '400' })
    expect(await away.head('silent', never)).toEqual({ is: 'elsewhere', region: undefined })
  })

  test('is asked for again where the store is in trouble, and then told', async () => {
    let asked = 0
    const at = await standIn((_request, response) => {
      asked += 1
      response.writeHead(asked < 3 ? 503 : 200, { etag: '"e"' }).end()
    })
    expect(await reader({ endpoint: at }).head('a', never)).toMatchObject({ is: 'found' })
    const gone = reader({ endpoint: 'http://127.0.0.1:9' })
    await expect(gone.head('a', never)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  test('is asked of a host of its bucket where the store wants it so', async () => {
    const hosted = { endpoint: 'http://localhost:9', bucket: 'code', addressing: 'host' } as const
    await expect(reader(hosted).head('a.zip', never)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('The object store at http://code.localhost:9'),
    })
  })

  test('is not waited for when the build has ended', async () => {
    const at = await standIn(() => undefined)
    const stop = AbortSignal.timeout(50)
    const ended = await reader({ endpoint: at })
      .head('a', stop)
      .catch((error: unknown) => error)
    expect(ended).toBe(stop.reason)
  })
})
