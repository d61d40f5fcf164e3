import { contentBody, sizeOf } from './content.ts'
import { checkKey } from './object-key.ts'
import { bucketMissing, isDone } from './s3-answer.ts'
import type { S3Connection } from './s3-connection.ts'
import type { PutOptions, StoredContent } from './store.ts'

/** What calls about single objects need to know of their bucket. */
export interface Bucket {
  connection: S3Connection
  bucket: string
  /** The store in the words of an error. */
  name: string
  /** Whether it is somebody else's, which we never make. */
  isForeign?: boolean
  pathOf(key: string): string
  /** Runs one idempotent call, again where that may help, and translates its error. */
  attempt<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** One PUT with known length and digest; a file is opened anew for each try. */
export async function putObject(
  place: Bucket,
  key: string,
  content: StoredContent,
  { sha256, contentType = 'application/octet-stream', signal }: PutOptions,
): Promise<void> {
  checkKey(key)
  const payload = { sha256, size: sizeOf(content) }
  await place.attempt(async () => {
    const answer = await place.connection.send({
      method: 'PUT',
      path: place.pathOf(key),
      headers: { 'content-type': contentType },
      body: await contentBody(content),
      payload,
      signal,
    })
    // "Not there" can only mean the bucket: without it the store is not usable.
    if (!isDone(answer, { ...place, sha256 })) throw bucketMissing(place)
  }, signal)
}
