import { describe, expect, it } from 'vitest'
import { nearest } from './nearest.ts'

describe('nearest', () => {
  it.each([
    ['another case', 'com.example.hello', 'com.example.Hello'],
    ['another package', 'com.exmaple.other.Hello', 'com.example.Hello'],
    ['no package', 'Hello', 'com.example.Hello'],
    ['a letter left out', 'com.example.Helo', 'com.example.Hello'],
    ['two letters swapped', 'com.example.Hlelo', 'com.example.Hello'],
    ['a letter too many', 'com.example.Helllo', 'com.example.Hello'],
  ])('finds what was meant: %s', (_, wanted, meant) => {
    expect(nearest(wanted, ['com.example.Bye', meant, 'com.example.Help2Me'])).toBe(meant)
  })

  it('offers nothing for another word', () => {
    expect(nearest('handle', ['toString', 'run', 'start'])).toBeUndefined()
    expect(nearest('handle', [])).toBeUndefined()
  })

  it('takes the closest one', () => {
    expect(nearest('handel', ['handler', 'handle', 'hand'])).toBe('handle')
  })
})
