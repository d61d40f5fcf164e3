import { expect, test } from 'vitest'
import { withoutNewerFeatures } from './newer-features.ts'

const [DETECT, REQUIRE, TYPES] = [
  '--no-experimental-detect-module',
  '--no-experimental-require-module',
  '--no-experimental-strip-types',
]

test.each([
  ['20.15.1', '20.15', []],
  ['20.20.2', '20.15', [DETECT, REQUIRE]],
  ['20.20.2', '20.19', []],
  ['22.7.0', '18.15', [DETECT]],
  ['24.21.0', '20.15', [DETECT, REQUIRE, TYPES]],
  ['24.21.0', '22.12', [TYPES]],
  ['23.5.0', '22.18', []],
  ['26.0.0', '24.0', []],
])('Node.js %s for %s', (loading, asked, options) => {
  expect(withoutNewerFeatures(loading, asked)).toEqual(options)
})
