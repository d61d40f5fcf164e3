import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { EMPTY_SHA256, objectPath, requestSigner } from './sign-request.ts'

const credentials = { accessKey: 'AKEY', secretKey: 'se/cret+', region: 'cn-north-1' }
const host = '127.0.0.1:9000'

describe('requestSigner', () => {
  it('signs host, time and the digest of the payload, for the region', () => {
    const sha256 = hash('sha256', 'payload')
    const headers = requestSigner(host, credentials)('PUT', '/bucket/key', sha256)
    const signed = 'SignedHeaders=host;x-amz-content-sha256;x-amz-date'
    expect(headers).toMatchObject({ host, 'x-amz-content-sha256': sha256 })
    expect(headers.Authorization).toContain('/cn-north-1/s3/aws4_request')
    expect(headers.Authorization).toContain(signed)
  })

  it('gives every path, method and payload a signature of its own', () => {
    const sign = requestSigner(host, credentials)
    const signatures = [
      sign('PUT', '/bucket/key', EMPTY_SHA256),
      sign('GET', '/bucket/key', EMPTY_SHA256),
      sign('PUT', '/bucket/other', EMPTY_SHA256),
      sign('PUT', '/bucket/key', hash('sha256', 'payload')),
    ].map(({ Authorization }) => Authorization?.split('Signature=')[1])
    expect(new Set(signatures).size).toBe(4)
  })

  it('does not send the secret', () => {
    const sent = requestSigner(host, credentials)('PUT', '/bucket/key', EMPTY_SHA256)
    expect(JSON.stringify(sent)).not.toContain(credentials.secretKey)
  })
})

describe('objectPath', () => {
  it.each([
    ['packages/acme/hello/0a.zip', '/bucket/packages/acme/hello/0a.zip'],
    ['a b', '/bucket/a%20b'],
    ["!'()*", '/bucket/%21%27%28%29%2A'],
    ['a+b=c&d?e#f', '/bucket/a%2Bb%3Dc%26d%3Fe%23f'],
    ['包', '/bucket/%E5%8C%85'],
    ['100%', '/bucket/100%25'],
  ])('encodes %s', (key, path) => {
    expect(objectPath('bucket', key)).toBe(path)
  })
})
