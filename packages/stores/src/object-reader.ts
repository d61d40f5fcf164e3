import type { Readable } from 'node:stream'
import { addressedBucket, type BucketAddress } from './addressed-bucket.ts'
import { guardedStream } from './guarded-stream.ts'
import { withRetries } from './retry.ts'
import { codeOf } from './s3-answer.ts'
import { type S3Answer, type S3Connection, s3Connection } from './s3-connection.ts'
import { NoAnswerError, storeFailure } from './store-failure.ts'

export interface ReaderOptions extends BucketAddress {
  region: string
  accessKey: string
  secretKey: string
  timeoutMs?: number
}

/** What a store said instead of giving the object. */
export type ObjectRefusal =
  | { is: 'missing' }
  | { is: 'no bucket' }
  | { is: 'changed' }
  /** `region`: where the bucket is, as far as the store says. */
  | { is: 'elsewhere'; region: string | undefined }
  /** `said`: the store's own code, such as AccessDenied. */
  | { is: 'refused'; said: string }

export interface FoundObject {
  is: 'found'
  /** Bytes. */
  size: number
  /** As the store writes it, with its quotes. */
  etag: string
}

/** Reads objects of a bucket that is somebody else's; knows nothing of our own keys. */
export interface ObjectReader {
  /** Throws STORE_UNAVAILABLE where no usable answer comes. */
  head(key: string, signal: AbortSignal): Promise<FoundObject | ObjectRefusal>
  /** The object of that etag and no other. Read the stream to its end or destroy it. */
  get(
    key: string,
    etag: string,
    signal: AbortSignal,
  ): Promise<(FoundObject & { stream: Readable }) | ObjectRefusal>
  close(): Promise<void>
}

const RETRIES = { withinMs: 2000 }

/** Connections are made at the first call. */
export function objectReader(options: ReaderOptions): ObjectReader {
  const { bucket, timeoutMs = 10_000 } = options
  const { origin, pathOf } = addressedBucket(options)
  const connection = s3Connection({ ...options, origin, timeoutMs })
  const name = `The object store at ${origin} (bucket ${bucket})`
  const attempt = <T>(call: () => Promise<T>, signal: AbortSignal) => {
    signal.throwIfAborted()
    return withRetries(call, { ...RETRIES, signal }).catch((error: unknown) => {
      throw storeFailure(name, error, signal)
    })
  }
  return {
    head: (key, signal) =>
      attempt(async () => {
        const answer = await connection.send({ method: 'HEAD', path: pathOf(key), signal })
        return judge(answer, options.region)
      }, signal),
    get: (key, etag, signal) =>
      attempt(async () => {
        const { body, ...answer } = await open(connection, pathOf(key), etag, signal)
        const judged = judge(answer, options.region)
        if (judged.is !== 'found' || !body) return judged.is === 'found' ? MISSING : judged
        const translate = (error: unknown) => storeFailure(name, error, signal)
        return { ...judged, stream: guardedStream(body, translate) }
      }, signal),
    close: () => connection.close(),
  }
}

const MISSING = { is: 'missing' } as const

function open(connection: S3Connection, path: string, etag: string, signal: AbortSignal) {
  return connection.open({ method: 'GET', path, headers: { 'if-match': etag }, signal })
}

/** An answer to HEAD has no body: all but its status may be left unsaid. */
function judge(answer: S3Answer, own: string): FoundObject | ObjectRefusal {
  const { status, headers } = answer
  if (status === 200) {
    const etag = String(headers.etag ?? '')
    return { is: 'found', size: Number(headers['content-length']), etag }
  }
  const code = codeOf(answer)
  const said = headers['x-amz-bucket-region'] ?? headers['x-obs-bucket-location']
  const region = typeof said === 'string' ? said : undefined
  if (status >= 500 || status === 429 || status === 408) {
    throw new NoAnswerError(`it answered ${status} ${code}`.trimEnd())
  }
  if (status === 412) return { is: 'changed' }
  if (code === 'NoSuchBucket') return { is: 'no bucket' }
  if (status === 404) return MISSING
  const isOther = region !== undefined && region !== own
  if (isOther || isRedirect(status, code)) return { is: 'elsewhere', region }
  return { is: 'refused', said: `${status} ${code}`.trimEnd() }
}

/** The stores' ways to say that a bucket is in another region, where they do not name it. */
function isRedirect(status: number, code: string): boolean {
  return (status >= 300 && status < 400) || code === 'AuthorizationHeaderMalformed'
}
