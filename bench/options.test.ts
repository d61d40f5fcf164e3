import { describe, expect, test } from 'vitest'
import { readOptions } from './options.ts'

describe('readOptions', () => {
  test('measures five pairs of 5,000 functions unless told else', () => {
    expect(readOptions([])).toEqual({ functions: 5000, pairs: 5, loads: 200 })
    const given = ['--functions', '20', '--pairs=1', '--loads=3']
    expect(readOptions(given)).toEqual({ functions: 20, pairs: 1, loads: 3 })
  })

  test.each([
    [['--pairs', 'abc'], '--pairs takes a whole number from 1 up, not abc.'],
    [['--pairs=0'], '--pairs takes a whole number from 1 up, not 0.'],
    [['--functions=-5'], '--functions takes a whole number from 1 up, not -5.'],
    [['--functions=2.5'], '--functions takes a whole number from 1 up, not 2.5.'],
    [['--functions='], '--functions takes a whole number from 1 up, not .'],
    [['--twice'], "Unknown option '--twice'."],
    [['20'], "Unexpected argument '20'."],
  ])('refuses %j in one line', (args, message) => {
    expect(() => readOptions(args)).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST', message }),
    )
  })
})
