import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { Client } from 'minio'
import type { ObjectStore } from '../../packages/shared/src/object-store.ts'

/** A bucket of the test run's MinIO that is not Packline's own, as a user's is. */
export interface TestBucket {
  /** As the operator names it, with the run's own key. */
  store: ObjectStore & { accessKeyId: string; secretAccessKey: string }
  bucket: string
  /** Answers the address, `s3://bucket/key`. */
  put(key: string, content: Buffer): Promise<string>
  /** What anybody has put there. */
  get(key: string): Promise<Buffer>
  keys(): Promise<string[]>
  remove(): Promise<void>
}

export async function makeTestBucket(name = 'main'): Promise<TestBucket> {
  const given = process.env.PACKLINE_TEST_STORE_URL
  if (!given) throw new Error('PACKLINE_TEST_STORE_URL is not set: run the tests by npm test')
  const url = new URL(given)
  const endpoint = `${url.protocol.replace('s3+', '')}//${url.host}`
  const accessKeyId = decodeURIComponent(url.username)
  const secretAccessKey = decodeURIComponent(url.password)
  const region = url.searchParams.get('region') ?? 'us-east-1'
  const client = new Client({
    endPoint: url.hostname,
    port: Number(url.port),
    useSSL: endpoint.startsWith('https'),
    accessKey: accessKeyId,
    secretKey: secretAccessKey,
    region,
  })
  const bucket = `users-${randomUUID().slice(0, 8)}`
  await client.makeBucket(bucket)
  const keys = async () => {
    const found = await client.listObjects(bucket, '', true).toArray()
    return found.map(({ name: key }) => String(key))
  }
  return {
    store: {
      name,
      endpoint,
      region,
      buckets: [bucket],
      addressing: 'path',
      accessKeyId,
      secretAccessKey,
    },
    bucket,
    put: async (key, content) => {
      await client.putObject(bucket, key, content, content.length)
      return `s3://${bucket}/${key}`
    },
    get: async (key) => buffer(await client.getObject(bucket, key)),
    keys,
    remove: async () => {
      await client.removeObjects(bucket, await keys())
      await client.removeBucket(bucket)
    },
  }
}
