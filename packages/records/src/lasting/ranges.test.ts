import { expect, test } from 'vitest'
import { rangesOf } from './ranges.ts'

test.each([
  [[], []],
  [[3], [[3, 3]]],
  [
    [1, 2, 3, 7, 9, 10],
    [
      [1, 3],
      [7, 7],
      [9, 10],
    ],
  ],
])('of %j are %j', (numbers, ranges) => {
  expect(rangesOf(numbers)).toEqual(ranges)
})
