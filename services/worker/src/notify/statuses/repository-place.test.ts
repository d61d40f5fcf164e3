import { describe, expect, test } from 'vitest'
import { encodedPath, repositoryPlace } from './repository-place.ts'

describe('where a repository lies', () => {
  test.each([
    ['https://github.com/acme/functions.git', 'github.com', 'acme/functions'],
    ['https://github.com/acme/functions/', 'github.com', 'acme/functions'],
    ['http://git.internal:3000/acme/functions.git', 'git.internal:3000', 'acme/functions'],
    ['http://git.internal:3000/acme/functions/.git', 'git.internal:3000', 'acme/functions'],
    ['https://gitlab.com/a/b/c/d.git', 'gitlab.com', 'a/b/c/d'],
    ['ssh://git@git.example:2222/acme/functions.git', 'git.example', 'acme/functions'],
    ['git@gitee.com:acme/functions.git', 'gitee.com', 'acme/functions'],
    ['https://git.example/%E5%87%BD%E6%95%B0/one', 'git.example', '函数/one'],
    ['https://git.example/100%/one', 'git.example', '100%/one'],
  ])('is told from %s', (address, host, path) => {
    expect(repositoryPlace(address)).toEqual({ host, path })
  })

  test.each(['', 'functions', 'https://github.com/', 'https://github.com/acme', 'file:///a/b'])(
    'is not told from "%s"',
    (address) => {
      expect(() => repositoryPlace(address)).toThrow(/names no repository/)
    },
  )

  test('goes into a path part by part', () => {
    expect(encodedPath('函数/a b')).toBe('%E5%87%BD%E6%95%B0/a%20b')
  })
})
