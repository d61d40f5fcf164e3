import { PacklineError } from '@packline/shared'
import { wrongDigest } from './content.ts'
import type { S3Answer } from './s3-connection.ts'
import { NoAnswerError } from './store-failure.ts'

/** Error codes of the S3 API for content that is not what the request announced. */
const mismatchCodes = new Set(['XAmzContentSHA256Mismatch', 'BadDigest', 'IncompleteBody'])

interface Place {
  /** The store in the words of an error. */
  name: string
  bucket: string
  /** Digest that the request announced. */
  sha256?: string
}

/**
 * True when the request was done, false when there is no such object. Everything else throws: a
 * NoAnswerError where the server is in trouble, else what the server refused and how to mend it.
 */
export function isDone(answer: S3Answer, place: Place): boolean {
  const { status } = answer
  if (status >= 200 && status < 300) return true
  const code = codeOf(answer)
  if (status === 404 && code !== 'NoSuchBucket') return false
  if (status >= 500 || status === 429 || status === 408) {
    throw new NoAnswerError(`it answered ${status} ${code}`.trimEnd())
  }
  if (mismatchCodes.has(code)) throw wrongDigest(place.sha256 ?? 'of no bytes')
  if (code === 'NoSuchBucket') throw bucketMissing(place)
  const said = /<Message>([^<]{1,300})/.exec(answer.text)?.[1] ?? ''
  throw new PacklineError(
    'STORE_UNAVAILABLE',
    `${place.name} refused the request: ${[status, code, said].filter(Boolean).join(' ')}`,
    {
      hint: hints[code] ?? 'Look at the configuration of the store: address, key, rights, region.',
    },
  )
}

/** The server is there and the bucket is not. */
export function bucketMissing({ name, bucket }: Place): PacklineError {
  return new PacklineError('STORE_UNAVAILABLE', `${name} has no such bucket`, {
    hint: `Make the bucket "${bucket}", or restart Packline, which makes it.`,
  })
}

/** An answer to HEAD has no body; MinIO puts the code into a header then. */
function codeOf({ headers, text }: S3Answer): string {
  const fromHeader = headers['x-minio-error-code']
  if (typeof fromHeader === 'string') return fromHeader
  return /<Code>([^<]{1,100})<\/Code>/.exec(text)?.[1] ?? ''
}

const hints: Record<string, string> = {
  InvalidAccessKeyId: 'The store does not know the access key: look at the address of the store.',
  SignatureDoesNotMatch: 'The secret key is wrong, or a proxy changes requests on their way.',
  RequestTimeTooSkewed: 'The clocks of this machine and of the store differ: set them.',
  AccessDenied: 'The access key may not do this: give it the rights to read, write, list, delete.',
  XMinioParentIsObject: 'A part of the key is an object itself; a key can not lie below another.',
}
