import { expect, test } from 'vitest'
import { isNewer, toolchainOf } from './release.ts'

test.each([
  ['1.27', '1.26.8', true],
  ['1.26.9', '1.26.8', true],
  ['1.26', '1.26.8', false],
  ['1.26.8', '1.26.8', false],
  ['1.9', '1.26.8', false],
  ['2.0', '1.99.9', true],
  ['1.27rc1', '1.26.8', true],
])('%s newer than %s: %s', (one, other, expected) => {
  expect(isNewer(one, other)).toBe(expected)
})

test('a release line is fetched as its first release', () => {
  expect(toolchainOf('1.27')).toBe('go1.27.0')
  expect(toolchainOf('1.27.3')).toBe('go1.27.3')
})
