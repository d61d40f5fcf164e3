import { describe, expect, test } from 'vitest'
import { commitStatusSchema } from './commit-status.ts'
import { parse } from './parse.ts'

const status = { provider: 'github', token: 'ghp_canary' }

describe('how a git server is told', () => {
  test('names provider and token, and the base of an API of its own', () => {
    expect(commitStatusSchema.parse(status)).toEqual(status)
    const own = { ...status, api: 'https://git.example:8443/api/v3' }
    expect(commitStatusSchema.parse(own)).toEqual(own)
  })

  test.each([
    ['a provider that we do not know', { ...status, provider: 'bitbucket' }],
    ['a base with a query', { ...status, api: 'https://git.example/api?token=x' }],
    ['a base with a user', { ...status, api: 'https://me:x@git.example/api' }],
    ['a base of another scheme', { ...status, api: 'ssh://git.example/api' }],
    ['an empty token', { ...status, token: '' }],
    ['a token that breaks a header', { ...status, token: 'a\r\nb: c' }],
  ])('is refused with %s', (_what, wrong) => {
    expect(commitStatusSchema.safeParse(wrong).success).toBe(false)
  })

  test('a wrong token is not said again', () => {
    const token = 'canary with a space'
    expect(() => parse(commitStatusSchema, { ...status, token }, 'the body')).toThrow(
      /^token: must be .* found 19 characters$/,
    )
  })
})
