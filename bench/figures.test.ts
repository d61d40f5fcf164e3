import { describe, expect, test } from 'vitest'
import { closingFigures, closingLoadFigures, median, ratesText } from './figures.ts'

describe('closingFigures', () => {
  test('gives the medians of the rates, and of the quotients within each pair', () => {
    const pairs = [
      { line: 400, bare: 500, loop: 500 },
      { line: 100, bare: 200, loop: 400 },
      { line: 380.4, bare: 400, loop: 600 },
    ]
    expect(closingFigures(pairs)).toEqual([
      'median: line 380/s, bare topology 400/s, bare loop 500/s',
      'ratio 0.80',
      'loop 0.63',
    ])
  })

  test('fails rather than giving figures where nothing was measured', () => {
    expect(() => closingFigures([])).toThrow('nothing was measured')
  })
})

test('closingLoadFigures compares the line with what the sandbox alone costs', () => {
  const pairs = [
    { line: 8, sandbox: 10 },
    { line: 9, sandbox: 12 },
  ]
  expect(closingLoadFigures(pairs)).toEqual([
    'median with load check: line 8.5/s, sandbox alone 11.0/s',
    'load 0.78',
  ])
})

test('median is the value in the middle, or the mean of the two', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 7])).toBe(6)
  expect(median([3])).toBe(3)
})

test('ratesText has whole functions per second', () => {
  expect(ratesText({ line: 396.6, bare: 490.2, loop: 547 })).toBe(
    'line 397/s, bare topology 490/s, bare loop 547/s',
  )
})
