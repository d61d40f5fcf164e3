import { hash } from 'node:crypto'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_SHA256, objectPath, requestSigner } from './sign-request.ts'

interface GeneralRequest {
  service: string
  region: string
  method: string
  host: string
  path: string
  headers: Record<string, string>
}
interface GeneralSigner {
  sign(
    request: GeneralRequest,
    credentials: { accessKeyId: string; secretAccessKey: string },
  ): GeneralRequest
}
// It has no types; it signs every service and option, and is slower for it.
const general: GeneralSigner = createRequire(import.meta.url)('aws4')

const credentials = { accessKey: 'AKEY', secretKey: 'se/cret+', region: 'cn-north-1' }
const host = '127.0.0.1:9000'

function generalAuthorization(method: string, path: string, sha256: string, now: Date): string {
  const time = now.toISOString().replace(/[:-]|\.\d{3}/g, '')
  const headers = { 'X-Amz-Content-Sha256': sha256, 'X-Amz-Date': time }
  const { region, accessKey: accessKeyId, secretKey: secretAccessKey } = credentials
  const request = { service: 's3', region, method, host, path, headers }
  return general.sign(request, { accessKeyId, secretAccessKey }).headers.Authorization ?? ''
}

describe('requestSigner', () => {
  it('signs as a general signer does, for any key, payload and time', () => {
    const sign = requestSigner(host, credentials)
    const dates = fc.date({
      min: new Date('2020-01-01'),
      max: new Date('2099-01-01'),
      noInvalidDate: true,
    })
    const keys = fc
      .array(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), { minLength: 1 })
      .map((parts) => parts.map((part) => part.replace(/[/.]/g, '_')).join('/'))
    const methods = fc.constantFrom('GET', 'HEAD', 'PUT')
    fc.assert(
      fc.property(methods, keys, fc.string(), dates, (method, key, payload, now) => {
        const path = objectPath('bucket', key)
        const sha256 = hash('sha256', payload)
        const own = sign(method, path, sha256, now)
        expect(own.authorization).toBe(generalAuthorization(method, path, sha256, now))
      }),
    )
  })

  it('takes a new key when the day changes, and the old one when it changes back', () => {
    const sign = requestSigner(host, credentials)
    for (const day of ['2026-11-23T23:59:59Z', '2026-11-24T00:00:00Z', '2026-11-23T12:00:00Z']) {
      const now = new Date(day)
      const own = sign('GET', '/bucket/key', EMPTY_SHA256, now)
      const expected = generalAuthorization('GET', '/bucket/key', EMPTY_SHA256, now)
      expect(own.authorization).toBe(expected)
    }
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
