import type { Words } from '@packline/shared'
import { failed, type PacklineError } from '@packline/shared'
import { wrongDigest } from './content.ts'
import type { S3Answer } from './s3-connection.ts'
import { NoAnswerError } from './store-failure.ts'

/** Error codes of the S3 API for content that is not what the request announced. */
const mismatchCodes = new Set(['XAmzContentSHA256Mismatch', 'BadDigest', 'IncompleteBody'])

interface Place {
  /** The store in the words of an error. */
  name: string
  bucket: string
  /** Whether it is somebody else's, which we never make. */
  isForeign?: boolean
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
  const why = [status, code, said].filter(Boolean).join(' ')
  const detail = {
    en: `${place.name} refused the request: ${why}`,
    zh: `${place.name} 拒绝了请求：${why}`,
  }
  throw failed('STORE_UNAVAILABLE', { detail, hint: hints[code] ?? CONFIGURATION })
}

/** The server is there and the bucket is not. */
export function bucketMissing({ name, bucket, isForeign = false }: Place): PacklineError {
  return failed('STORE_UNAVAILABLE', {
    detail: { en: `${name} has no such bucket`, zh: `${name} 没有这个存储桶` },
    hint: isForeign
      ? { en: `Make the bucket "${bucket}".`, zh: `请创建存储桶 "${bucket}"。` }
      : {
          en: `Make the bucket "${bucket}", or restart Packline, which makes it.`,
          zh: `请创建存储桶 "${bucket}"，或重启 Packline，它会创建。`,
        },
  })
}

/** The code of an error. One to HEAD has no body; MinIO puts the code into a header then. */
export function codeOf({ headers, text }: S3Answer): string {
  const fromHeader = headers['x-minio-error-code']
  if (typeof fromHeader === 'string') return fromHeader
  return /<Code>([^<]{1,100})<\/Code>/.exec(text)?.[1] ?? ''
}

const hints: Record<string, Words> = {
  InvalidAccessKeyId: {
    en: 'The store does not know the access key: look at the address of the store.',
    zh: '存储不认识该访问密钥：请检查存储的地址。',
  },
  SignatureDoesNotMatch: {
    en: 'The secret key is wrong, or a proxy changes requests on their way.',
    zh: '密钥不正确，或有代理在途中改动了请求。',
  },
  RequestTimeTooSkewed: {
    en: 'The clocks of this machine and of the store differ: set them.',
    zh: '本机与存储的时钟不一致：请校准。',
  },
  AccessDenied: {
    en: 'The access key may not do this: give it the rights to read, write, list, delete.',
    zh: '该访问密钥无权这样做：请给它读取、写入、列举、删除的权限。',
  },
  XMinioParentIsObject: {
    en: 'A part of the key is an object itself; a key can not lie below another.',
    zh: '键的一部分本身就是对象；一个键不能在另一个之下。',
  },
}

const CONFIGURATION: Words = {
  en: 'Look at the configuration of the store: address, key, rights, region.',
  zh: '请检查存储的配置：地址、密钥、权限、区域。',
}
