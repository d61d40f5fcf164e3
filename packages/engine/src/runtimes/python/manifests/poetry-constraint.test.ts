import { expect, test } from 'vitest'
import { allows, specifiersOf } from './poetry-constraint.ts'

test.each([
  ['^1.2.3', ['>=1.2.3,<2']],
  ['^1', ['>=1,<2']],
  ['^0.2.3', ['>=0.2.3,<0.3']],
  ['^0.0.3', ['>=0.0.3,<0.0.4']],
  ['^0.0', ['>=0.0,<0.1']],
  ['~1.2.3', ['>=1.2.3,<1.3']],
  ['~1', ['>=1,<2']],
  ['~=1.4.2', ['~=1.4.2']],
  ['1.2.*', ['==1.2.*']],
  ['2.31.0', ['==2.31.0']],
  ['>= 2, < 3', ['>=2,<3']],
  ['>=2 <3', ['>=2,<3']],
  ['*', ['']],
  ['^1.2 || ^3', ['>=1.2,<2', '>=3,<4']],
])('%s', (constraint, specifiers) => {
  expect(specifiersOf(constraint)).toEqual(specifiers)
})

test('a version is allowed by one alternative', () => {
  expect(allows(specifiersOf('^1.2 || ^3'), '3.1')).toBe(true)
  expect(allows(specifiersOf('^1.2 || ^3'), '2.0')).toBe(false)
  expect(allows(specifiersOf('^1.2'), '1.3.0rc1')).toBe(true)
  expect(allows([''], '0.1')).toBe(true)
})
