import { expect, it } from 'vitest'
import { javaRangeOf } from './java-range.ts'

it.each([
  ['4.4.1', 8, 9],
  ['5.0', 8, 11],
  ['6.9.4', 8, 15],
  ['7.3', 8, 17],
  ['8.5', 8, 21],
  ['8.14.3', 8, 24],
  ['9.0.0', 17, 24],
  ['9.1.0-rc-1', 17, 25],
  ['12.0', 17, 26],
])('Gradle %s runs on Java %i to %i', (version, oldest, newest) => {
  expect(javaRangeOf(version, false)).toEqual({ oldest, newest })
})

it('runs on Java 17 where a distribution of Linux has patched it', () => {
  expect(javaRangeOf('4.4.1', true)).toEqual({ oldest: 8, newest: 17 })
  expect(javaRangeOf('8.5', true).newest).toBe(21)
})
