import { addressedBucket } from './addressed-bucket.ts'
import type { ReaderOptions } from './object-reader.ts'
import { type Bucket, putObject } from './put-object.ts'
import { withRetries } from './retry.ts'
import { s3Connection } from './s3-connection.ts'
import type { PutOptions, StoredContent } from './store.ts'
import { storeFailure } from './store-failure.ts'

/** Writes objects into a bucket that is somebody else's. */
export interface ObjectWriter {
  /** As `put` of a store: the server keeps nothing that has another size or digest. */
  put(key: string, content: StoredContent, options: PutOptions): Promise<void>
  /** The store's own http(s) address of an object. */
  address(key: string): string
  close(): Promise<void>
}

const RETRIES = { withinMs: 2000 }

/** Connections are made at the first call. */
export function objectWriter(options: ReaderOptions): ObjectWriter {
  const { bucket, timeoutMs = 10_000 } = options
  const { origin, pathOf } = addressedBucket(options)
  const connection = s3Connection({ ...options, origin, timeoutMs })
  const name = `The object store at ${origin} (bucket ${bucket})`
  const attempt: Bucket['attempt'] = async (call, signal) => {
    signal?.throwIfAborted()
    return withRetries(call, { ...RETRIES, signal }).catch((error: unknown) => {
      throw storeFailure(name, error, signal)
    })
  }
  const place: Bucket = { connection, bucket, name, isForeign: true, pathOf, attempt }
  return {
    put: (key, content, putOptions) => putObject(place, key, content, putOptions),
    address: (key) => `${origin}${pathOf(key)}`,
    close: () => connection.close(),
  }
}
