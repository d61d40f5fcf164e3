import { describe, expect, test } from 'vitest'
import { hookChangesSchema, hookRequestSchema, repositoryOf } from './hook.ts'
import { parse } from './parse.ts'

const hello = { provider: 'github', repository: 'https://git.example/a/b.git' }

describe('a hook', () => {
  test('needs no more than a provider and a repository', () => {
    expect(hookRequestSchema.parse(hello)).toEqual({
      ...hello,
      functions: { manifest: 'packline.yaml' },
      signed: false,
      active: true,
    })
  })

  test('lists functions where there is no manifest', () => {
    const functions = [{ function: 'a', runtime: 'nodejs', path: 'a', shared: ['lib'] }]
    expect(hookRequestSchema.parse({ ...hello, functions })).toMatchObject({ functions })
  })

  test.each([
    [{ provider: 'bitbucket' }, 'provider'],
    [{ repository: 'a/b' }, 'repository'],
    [{ repository: 'file:///etc' }, 'repository'],
    [{ repository: 'ext::sh -c id' }, 'repository'],
    [{ secret: 'short' }, 'secret'],
    [{ secret: 'with a space in it' }, 'secret'],
    [{ provider: 'generic', secret: 'no-standard-secret' }, 'secret'],
    [{ branches: [''] }, 'branches[0]'],
    [{ functions: [] }, 'functions'],
    [{ functions: { manifest: '../x' } }, 'functions.manifest'],
    [{ more: 1 }, 'the body'],
  ])('with %j is refused at %s', (change, at) => {
    expect(() => parse(hookRequestSchema, { ...hello, ...change }, 'the body')).toThrow(at)
  })

  test('says nothing of a secret that it refuses', () => {
    const refused = () => parse(hookRequestSchema, { ...hello, secret: 'canary x' }, 'the body')
    expect(refused).not.toThrow(/canary/)
    expect(refused).toThrow(/secret/)
  })

  test('keeps its provider when it is changed', () => {
    expect(hookChangesSchema.safeParse({ provider: 'gitea' }).success).toBe(false)
    expect(hookChangesSchema.parse({ branches: null })).toEqual({ branches: null })
  })
})

test.each([
  ['https://git.example/a/b.git', 'git.example/a/b'],
  ['http://user:pass@Git.Example:8080/a/b/', 'git.example:8080/a/b'],
  ['https://git.example:443/a/b', 'git.example/a/b'],
  ['git@git.example:a/b.git', 'git.example/a/b'],
  ['ssh://git@git.example:2222/a/b.git', 'git.example/a/b'],
  ['git://git.example/a/b.git', 'git.example/a/b'],
  ['https://git.example/A/b', 'git.example/A/b'],
  ['https://git.example/', undefined],
  ['file:///a/b', undefined],
  ['', undefined],
])('the repository of %s is %s', (url, expected) => {
  expect(repositoryOf(url)).toBe(expected)
})
