import { describe, expect, it } from 'vitest'
import { bucketMissing, isDone } from './s3-answer.ts'
import { NoAnswerError } from './store-failure.ts'

const place = { name: 'The store', bucket: 'packages', sha256: 'ab' }
const xml = (code: string, message = 'Said so') =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
const answer = (status: number, text = '', headers = {}) => ({ status, headers, text })

describe('isDone', () => {
  it.each([200, 204, 206])('takes %i as done', (status) => {
    expect(isDone(answer(status), place)).toBe(true)
  })

  it('takes a missing object as an answer, with and without a body', () => {
    expect(isDone(answer(404, xml('NoSuchKey')), place)).toBe(false)
    expect(isDone(answer(404), place)).toBe(false)
  })

  it('tells a missing bucket from a missing object, also by MinIO header', () => {
    const missing = bucketMissing(place).message
    expect(() => isDone(answer(404, xml('NoSuchBucket')), place)).toThrow(missing)
    const header = { 'x-minio-error-code': 'NoSuchBucket' }
    expect(() => isDone(answer(404, '', header), place)).toThrow(missing)
  })

  it.each([
    [503, 'SlowDown'],
    [500, 'InternalError'],
    [507, 'XMinioStorageFull'],
    [429, 'TooManyRequests'],
  ])('lets %i %s be tried again', (status, code) => {
    const check = () => isDone(answer(status, xml(code)), place)
    expect(check).toThrow(NoAnswerError)
    expect(check).toThrow(`it answered ${status} ${code}`)
  })

  it('tells content that was changed on its way, with the digest', () => {
    const check = () => isDone(answer(400, xml('XAmzContentSHA256Mismatch')), place)
    expect(check).toThrow(expect.objectContaining({ code: 'CONTENT_MISMATCH' }))
    expect(check).toThrow('announced was ab')
  })

  it.each([
    [403, 'InvalidAccessKeyId', 'access key'],
    [403, 'SignatureDoesNotMatch', 'secret key is wrong'],
    [403, 'RequestTimeTooSkewed', 'clocks'],
    [403, 'AccessDenied', 'rights'],
    [301, 'PermanentRedirect', 'region'],
  ])('says how to mend %i %s', (status, code, hint) => {
    expect(() => isDone(answer(status, xml(code)), place)).toThrow(
      expect.objectContaining({
        code: 'STORE_UNAVAILABLE',
        message: `The store refused the request: ${status} ${code} Said so`,
        hint: expect.stringContaining(hint),
      }),
    )
  })

  it('copies no more than a line of what a server says', () => {
    const long = answer(400, xml('Odd', 'x'.repeat(10_000)))
    expect(() => isDone(long, place)).toThrow(/^.{0,400}$/)
  })
})
