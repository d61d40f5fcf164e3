import { PacklineError } from '@packline/shared'
import { expect, test } from 'vitest'
import { inOneLine } from './one-line.ts'

test('what was found and how to mend it stand in one line, each a sentence', () => {
  const error = new PacklineError('CONFLICT', 'it runs already (process 7)', { hint: 'Stop it' })
  expect(inOneLine(error)).toBe('it runs already (process 7). Stop it.')
  const ended = new PacklineError('BUG', 'No Redis here.', { hint: 'Install one.' })
  expect(inOneLine(ended)).toBe('No Redis here. Install one.')
})

test('without a hint the text stands alone', () => {
  expect(inOneLine(new PacklineError('BUG', 'so it is'))).toBe('so it is')
})

test('a mistake of ours shows where it was made', () => {
  expect(inOneLine(new TypeError('x is not a function'))).toMatch(/^TypeError: x.*\n +at /)
  expect(inOneLine('thrown text')).toBe('thrown text')
})
