import { checkRange, outsideObject } from './byte-range.ts'
import { guardedStream } from './guarded-stream.ts'
import { checkKey, checkPrefix } from './object-key.ts'
import { type Bucket, putObject } from './put-object.ts'
import { withRetries } from './retry.ts'
import { bucketMissing, isDone } from './s3-answer.ts'
import { s3Connection } from './s3-connection.ts'
import { s3Housekeeping } from './s3-housekeeping.ts'
import { objectPath } from './sign-request.ts'
import type { GetOptions, ReadOptions, Store } from './store.ts'
import { storeFailure } from './store-failure.ts'

export interface MinioOptions {
  /** Such as `http://127.0.0.1:9000`, without a path. */
  endpoint: string
  bucket: string
  region: string
  accessKey: string
  secretKey: string
  /** How long the server may be silent; 10 s when not given. */
  timeoutMs?: number
  /** A failed call is tried again until this long after its first try; 1 s when not given. */
  retries?: { withinMs: number }
}

const pingMs = 1_500

/**
 * Objects in one bucket of MinIO, or of another server with the S3 API and bucket names in paths.
 * Put, get and head are signed and sent here, because the MinIO client buffers what it sends, takes
 * a short body for the whole, has no time limits, and needs twice the processor time for a put.
 */
export function minioStore(options: MinioOptions): Store {
  const { bucket, timeoutMs = 10_000, retries = { withinMs: 1_000 } } = options
  const origin = new URL(options.endpoint).origin
  const connection = s3Connection({ ...options, origin, timeoutMs })
  const housekeeping = s3Housekeeping({ ...options, origin, timeoutMs })
  const name = `The object store at ${origin} (bucket ${bucket})`
  const attempt: Bucket['attempt'] = async (call, signal) => {
    signal?.throwIfAborted()
    return withRetries(call, { ...retries, signal }).catch((error: unknown) => {
      throw storeFailure(name, error, signal)
    })
  }
  const pathOf = (key: string) => objectPath(bucket, key)
  const place: Bucket = { connection, bucket, name, pathOf, attempt }

  return {
    kind: 'minio',
    address: (key) => `s3://${bucket}/${key}`,
    prepare: () =>
      attempt(async () => {
        const answer = await connection.send({ method: 'HEAD', path: `/${bucket}` }, pingMs)
        if (answer.status === 404) await housekeeping.makeBucket(bucket)
        else isDone(answer, place)
      }),
    put: (key, content, putOptions) => putObject(place, key, content, putOptions),
    get: (key, getOptions = {}) => get(place, key, getOptions),
    head: (key, readOptions = {}) => head(place, key, readOptions),
    async *list(prefix, { signal } = {}) {
      checkPrefix(prefix)
      signal?.throwIfAborted()
      try {
        yield* housekeeping.list(bucket, prefix, signal)
      } catch (error) {
        throw storeFailure(name, error, signal)
      }
    },
    async remove(key) {
      checkKey(key)
      await attempt(() => housekeeping.remove(bucket, key))
    },
    ping: () => ping(place),
    async close() {
      housekeeping.close()
      await connection.close()
    },
  }
}

async function get(place: Bucket, key: string, { signal, range }: GetOptions) {
  checkKey(key)
  checkRange(range)
  const headers = range && { range: `bytes=${range.start}-${range.end}` }
  const path = place.pathOf(key)
  return place.attempt(async () => {
    const answer = await place.connection.open({ method: 'GET', path, headers, signal })
    if (range && answer.status === 416) throw outsideObject(key, range)
    if (!isDone(answer, place) || !answer.body) return undefined
    const translate = (error: unknown) => storeFailure(place.name, error, signal)
    const size = Number(answer.headers['content-length'])
    return { size, stream: guardedStream(answer.body, translate) }
  }, signal)
}

async function head(place: Bucket, key: string, { signal }: ReadOptions) {
  checkKey(key)
  const path = place.pathOf(key)
  return place.attempt(async () => {
    const answer = await place.connection.send({ method: 'HEAD', path, signal })
    if (!isDone(answer, place)) return undefined
    const modifiedAt = new Date(String(answer.headers['last-modified']))
    return { key, size: Number(answer.headers['content-length']), modifiedAt }
  }, signal)
}

/** No second try: who asks wants to know how it is now. */
async function ping(place: Bucket): Promise<void> {
  try {
    const path = `/${place.bucket}`
    const answer = await place.connection.send({ method: 'HEAD', path }, pingMs)
    if (!isDone(answer, place)) throw bucketMissing(place)
  } catch (error) {
    throw storeFailure(place.name, error)
  }
}
