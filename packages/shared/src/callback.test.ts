import { describe, expect, test } from 'vitest'
import { callbackSchema } from './callback.ts'
import { parse } from './parse.ts'

const url = 'https://hooks.example/packline?to=deploy'

function secretOf(bytes: number): string {
  return `whsec_${btoa('x'.repeat(bytes))}`
}

describe('a callback', () => {
  test.each([24, 25, 26, 48, 64])('has a secret of %d bytes', (bytes) => {
    const callback = { url, secret: secretOf(bytes) }
    expect(callbackSchema.parse(callback)).toEqual(callback)
  })

  test.each([
    ['23 bytes', secretOf(23)],
    ['65 bytes', secretOf(65)],
    ['no prefix', btoa('x'.repeat(32))],
    ['no base64', `whsec_${'ü'.repeat(32)}`],
    ['cut base64', secretOf(32).slice(0, -1)],
  ])('is refused with a secret of %s, which is not said again', (_what, secret) => {
    const refused = (() => {
      try {
        return parse(callbackSchema, { url, secret }, 'the body')
      } catch (error) {
        return error
      }
    })()
    expect(refused).toMatchObject({ code: 'INVALID_REQUEST', at: 'secret' })
    expect(String(refused)).toMatch(/must be "whsec_".*; found \d+ characters/)
    expect(String(refused)).not.toContain(secret)
  })

  test.each([
    ['another scheme', 'ftp://hooks.example/'],
    ['a password', 'https://one:two@hooks.example/'],
    ['no host', 'https://'],
    ['more than 2048 characters', `https://hooks.example/${'x'.repeat(2048)}`],
  ])('is refused with an address of %s', (_what, address) => {
    expect(callbackSchema.safeParse({ url: address, secret: secretOf(32) }).success).toBe(false)
  })
})
