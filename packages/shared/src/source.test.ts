import { expect, test } from 'vitest'
import { clashOf, entryPathSchema, isEntryPath, sourceSchema } from './source.ts'

test.each([
  'index.js',
  'a/b/c.js',
  '目录/文件.js',
  '...',
  'a..b/c',
  'sp ace.js',
  `${'x'.repeat(255)}`,
])('%s may stand in a package', (path) => {
  expect(isEntryPath(path)).toBe(true)
})

test.each([
  '',
  '/etc/passwd',
  '../up.js',
  'a/../b',
  './a',
  'a//b',
  'a/',
  'C:/a',
  'c:a',
  'a\\b',
  'a\u0000b',
  'a\nb',
  'a\u007f',
  '\ud800',
])('%j may not', (path) => {
  expect(isEntryPath(path)).toBe(false)
})

test('an address says its digest, or that it has none, and holds no password', () => {
  const url = { kind: 'url', url: 'https://example.com/a.zip', sha256: null }
  expect(sourceSchema.safeParse(url).success).toBe(true)
  expect(sourceSchema.safeParse({ ...url, sha256: 'a'.repeat(64) }).success).toBe(true)
  const { sha256: _none, ...silent } = url
  const wrong = [
    silent,
    { ...url, sha256: 'A'.repeat(64) },
    { ...url, sha256: '' },
    { ...url, url: 'https://me:password@example.com/' },
    { ...url, url: 'https://me@example.com/' },
    { ...url, url: 'git://example.com/' },
    { ...url, url: 'https://' },
    { ...url, url: '/a.zip' },
  ]
  for (const one of wrong) expect(sourceSchema.safeParse(one).success).toBe(false)
})

test('a name has at most 255 bytes, not characters', () => {
  expect(entryPathSchema.safeParse(`${'x'.repeat(255)}/a`).success).toBe(true)
  expect(entryPathSchema.safeParse('x'.repeat(256)).success).toBe(false)
  expect(entryPathSchema.safeParse('文'.repeat(86)).success).toBe(false)
})

test('paths that file systems take for one are found', () => {
  expect(clashOf(['a.js', 'b.js', 'A.js'])).toEqual(['a.js', 'A.js'])
  expect(clashOf(['caf\u00e9', 'cafe\u0301'])).toEqual(['caf\u00e9', 'cafe\u0301'])
  expect(clashOf(['a', 'a/b'])).toEqual(['a', 'a/b'])
  expect(clashOf(['lib/a/b', 'LIB'])).toEqual(['LIB', 'lib/a/b'])
  expect(clashOf(['a', 'ab', 'b/a', 'b/ab/c'])).toBeUndefined()
})

function mistake(source: unknown): string | undefined {
  return sourceSchema.safeParse(source).error?.issues[0]?.message
}

test('inline files: text, base64, or an object that says executable', () => {
  const files = {
    'a.txt': 'text',
    'b.bin': { base64: 'AAEC' },
    bootstrap: { text: '#!/bin/sh\n', executable: true },
  }
  expect(sourceSchema.parse({ kind: 'inline', files })).toMatchObject({ files })
})

test('inline files that can not be one package are refused with both names', () => {
  const files = { a: '', 'a/b': '' }
  expect(mistake({ kind: 'inline', files })).toBe('"a" and "a/b" can not both be in one package')
  expect(mistake({ kind: 'inline', files: {} })).toBe('must hold at least one file')
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`f${index}`, '']))
  expect(mistake({ kind: 'inline', files: many })).toContain('upload a ZIP')
})

test('an upload is named by what the upload answered', () => {
  expect(mistake({ kind: 'upload', upload: 'my.zip' })).toContain('upload answered')
})

test.each([
  'https://user:canary-of-git@host/a.git',
  'https://canary-of-git@host/a.git',
  'http://:canary-of-git@host/a.git',
  'ssh://git:canary-of-git@host/a.git',
  'https://host/a.git?private_token=canary-of-git',
])('git refuses %s, which opens by itself, and does not say it again', (address) => {
  const said = mistake({ kind: 'git', url: address })
  expect(said).toMatch(/must hold no user, no password and no query/)
  expect(said).not.toContain('canary')
})

test.each(['git@host:a/b.git', 'ssh://git@host:22/a.git', 'https://host:8443/a@b.git', '/srv/a'])(
  'git takes %s',
  (address) => {
    expect(mistake({ kind: 'git', url: address })).toBeUndefined()
  },
)

test.each(['HEAD', 'main', 'feature/a-b', 'v1.2.3', 'refs/tags/v1', '版本', 'a'.repeat(40)])(
  'git takes the ref %s',
  (ref) => {
    expect(mistake({ kind: 'git', url: 'https://host/a.git', ref })).toBeUndefined()
  },
)

test.each([
  '-x',
  '--upload-pack=touch x',
  '+main',
  ':main',
  'main:other',
  'a..b',
  'a b',
  'a\nb',
  'a~1',
  'a^{commit}',
  'a*',
  'a\\b',
  '@',
  'main@{1}',
  'main.lock',
  'a//b',
  'a/',
  '/a',
  '.a',
])('git refuses the ref %j, which nothing can have', (ref) => {
  const result = sourceSchema.safeParse({ kind: 'git', url: 'https://host/a.git', ref })
  expect(result.error?.issues).toMatchObject([{ path: ['ref'] }])
})

test('git takes HEAD where no ref is said, and no path that leads out', () => {
  expect(sourceSchema.parse({ kind: 'git', url: 'https://host/repo.git' })).toMatchObject({
    ref: 'HEAD',
  })
  expect(mistake({ kind: 'git', url: 'https://host/repo.git', path: '../other' })).toBeDefined()
})

test('fields that do not exist are refused, not ignored', () => {
  expect(mistake({ kind: 'git', url: 'https://host/repo.git', branch: 'main' })).toContain('branch')
})
