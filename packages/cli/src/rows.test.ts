import { describe, expect, test } from 'vitest'
import { explainRows, findingRows, outputRows, row } from './rows.ts'

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
  const found = {
    rule: 'handler-exists',
    level: 'error',
    message: 'there is none',
    hint: 'Add it.',
    zh: { message: '没有它', hint: '把 build.load 设为 false。' },
  } as const

  test('says its rule and what was found', () => {
    expect(findingRows(found)).toEqual([
      'error     handler-exists: there is none',
      'mend      Add it.',
    ])
  })

  test('says once what is the name of its rule and of a file', () => {
    const said = (message: string) => findingRows({ ...found, rule: 'bootstrap', message })[0]
    expect(said('bootstrap: it is empty')).toBe('error     bootstrap: it is empty')
    expect(said('bootstrap：文件是空的')).toBe('error     bootstrap：文件是空的')
    expect(said('bootstrap.sh is empty')).toBe('error     bootstrap: bootstrap.sh is empty')
  })

  test('says where, and how to mend it', () => {
    const more = { ...found, path: 'a/b.js', hint: 'Set build.load to false.' }
    expect(findingRows({ ...more, line: 7 })).toEqual([
      'error     handler-exists: there is none [a/b.js:7]',
      'mend      Say --no-load.',
    ])
    expect(findingRows(more)[0]).toMatch(/\[a\/b\.js\]$/)
  })

  test('names the command that explains its rule, once for all of a rule', () => {
    const other = { ...found, rule: 'links' } as const
    expect(explainRows([found, other, found])).toEqual([
      'more      packline explain handler-exists links',
    ])
    expect(explainRows([])).toEqual([])
  })
})
