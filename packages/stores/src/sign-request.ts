import { hash } from 'node:crypto'
import aws4 from 'aws4'

export interface Credentials {
  accessKey: string
  secretKey: string
  region: string
}

/** Digest of no bytes: the payload of every request that has no body. */
export const EMPTY_SHA256 = hash('sha256', '')

/**
 * Makes the signer of requests to one host ("Signature Version 4" of the S3 API reference, single
 * chunk): the server checks that the payload has the digest it was signed with.
 */
export function requestSigner(host: string, credentials: Credentials) {
  const { region, accessKey: accessKeyId, secretKey: secretAccessKey } = credentials
  return (method: string, path: string, payloadSha256: string): Record<string, string> => {
    const headers = { host, 'x-amz-content-sha256': payloadSha256 }
    const request = { service: 's3', region, method, host, path, headers }
    return aws4.sign(request, { accessKeyId, secretAccessKey }).headers as Record<string, string>
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
