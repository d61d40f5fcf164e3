import { describe, expect, test } from 'vitest'
import { userCache } from './user-cache.ts'

describe('userCache', () => {
  test.each([
    [{ HOME: '/home/a' }, 'linux', '/home/a/.cache/packline'],
    [{ HOME: '/Users/a' }, 'darwin', '/Users/a/Library/Caches/packline'],
    [{ HOME: '/home/a', XDG_CACHE_HOME: '/var/a' }, 'linux', '/var/a/packline'],
    [{ XDG_CACHE_HOME: '/var/a' }, 'darwin', '/var/a/packline'],
  ])('of %j on %s', (environment, platform, expected) => {
    expect(userCache(environment, platform)).toBe(expected)
  })

  test('is nowhere without a home', () => {
    expect(() => userCache({})).toThrow('neither HOME nor XDG_CACHE_HOME is set')
  })
})
