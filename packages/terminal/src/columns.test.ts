import { expect, test } from 'vitest'
import { columns } from './columns.ts'

test('columns are as wide as their widest text, wide characters counted as terminals show them', () => {
  const rows = [
    ['id', 'name', 'state'],
    ['b1', '函数', 'queued'],
    ['b234', 'x', ''],
  ]
  expect(columns(rows).split('\n')).toEqual(['id    name  state', 'b1    函数  queued', 'b234  x'])
})

test('nothing is nothing', () => {
  expect(columns([])).toBe('')
})
