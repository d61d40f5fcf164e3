import { expect, test } from 'vitest'
import { matchesRef } from './ref-pattern.ts'

test.each([
  ['main', 'main', true],
  ['main', 'mainx', false],
  ['*', 'main', true],
  ['*', 'a/b', false],
  ['**', 'a/b', true],
  ['**', '', true],
  ['a/*', 'a/', true],
  ['a/*/c', 'a/b/c', true],
  ['a/*/c', 'a/b/b/c', false],
  ['a/**/c', 'a/b/b/c', true],
  ['v?.*', 'v1.2', true],
  ['v?.*', 'v.2', false],
  ['?', '/', false],
  ['?', '你', true],
  ['a.b', 'axb', false],
  ['[ab]', 'a', false],
  ['', '', true],
])('%s fits %s: %s', (pattern, name, expected) => {
  expect(matchesRef(pattern, name)).toBe(expected)
})

test('a pattern of many stars takes no longer for that', () => {
  const started = performance.now()
  expect(matchesRef(`${'*a'.repeat(100)}b`, 'a'.repeat(255))).toBe(false)
  expect(performance.now() - started).toBeLessThan(1000)
})
