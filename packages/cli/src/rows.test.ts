import { describe, expect, test } from 'vitest'
import { findingRows, outputRows, pagesRows, row } from './rows.ts'

describe('a row', () => {
  test('has its value in the second column, with all its lines', () => {
    expect(row('size', '1 B')).toBe('size      1 B')
    expect(row('validate', 'one\ntwo')).toBe('validate  one\n          two')
    expect(row('', '| a line')).toBe('          | a line')
  })

  test('is made of each of the last twenty lines of a tool', () => {
    const rows = outputRows(Array.from({ length: 40 }, (_, index) => `line ${index}`))
    expect(rows).toHaveLength(20)
    expect(rows.at(-1)).toBe('          | line 39')
    expect(outputRows()).toEqual([])
  })
})

describe('a finding', () => {
  const found = { rule: 'handler-exists', level: 'error', message: 'there is none' } as const

  test('says its rule and what was found', () => {
    expect(findingRows(found)).toEqual(['error     handler-exists: there is none'])
  })

  test('says where, and how to mend it', () => {
    const more = { ...found, path: 'a/b.js', hint: 'Set build.load to false.' }
    expect(findingRows({ ...more, line: 7 })).toEqual([
      'error     handler-exists: there is none [a/b.js:7]',
      'mend      Say --no-load.',
    ])
    expect(findingRows(more)[0]).toMatch(/\[a\/b\.js\]$/)
  })

  test('links to the page of its rule, once for all of a rule', () => {
    const other = { ...found, rule: 'links' } as const
    expect(pagesRows([found, other, found])).toEqual([
      'rules     docs/rules.md#handler-exists\n          docs/rules.md#links',
    ])
    expect(pagesRows([])).toEqual([])
  })
})
