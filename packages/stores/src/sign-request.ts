import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'

export interface Credentials {
  accessKey: string
  secretKey: string
  region: string
}

/** Digest of no bytes: the payload of every request that has no body. */
export const EMPTY_SHA256 = hash('sha256', '')

const signedHeaders = 'host;x-amz-content-sha256;x-amz-date'

/**
 * Makes the signer of requests to one host, after "Signature Version 4" of the S3 API reference
 * (single chunk: the server checks that the payload has the digest it was signed with). A package
 * costs one signature, and this one takes a third of the time of a general signer: three fixed
 * headers, no query, the day's key kept.
 */
export function requestSigner(host: string, credentials: Credentials) {
  let signingKey: { day: string; key: KeyObject } | undefined

  return (method: string, path: string, payloadSha256: string, now = new Date()) => {
    const time = now.toISOString().replace(/[:-]|\.\d{3}/g, '')
    const day = time.slice(0, 8)
    if (signingKey?.day !== day) signingKey = { day, key: keyOfDay(day, credentials) }

    const scope = `${day}/${credentials.region}/s3/aws4_request`
    const canonicalRequest =
      `${method}\n${path}\n\nhost:${host}\nx-amz-content-sha256:${payloadSha256}\n` +
      `x-amz-date:${time}\n\n${signedHeaders}\n${payloadSha256}`
    const signature = createHmac('sha256', signingKey.key)
      .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonicalRequest)}`)
      .digest('hex')
    return {
      host,
      'x-amz-content-sha256': payloadSha256,
      'x-amz-date': time,
      authorization:
        `AWS4-HMAC-SHA256 Credential=${credentials.accessKey}/${scope}, ` +
        `SignedHeaders=${signedHeaders}, Signature=${signature}`,
    }
  }
}

/** A bucket and key as the path of a request, encoded as the signature wants it. */
export function objectPath(bucket: string, key: string): string {
  if (/^[A-Za-z0-9/_.~-]+$/.test(key)) return `/${bucket}/${key}`
  return `/${bucket}/${key.split('/').map(encodePart).join('/')}`
}

function encodePart(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** A key object: with a plain buffer each signature would take six times as long. */
function keyOfDay(day: string, { secretKey, region }: Credentials): KeyObject {
  let key: Buffer = Buffer.from(`AWS4${secretKey}`)
  for (const part of [day, region, 's3', 'aws4_request']) {
    key = createHmac('sha256', key).update(part).digest()
  }
  return createSecretKey(key)
}
