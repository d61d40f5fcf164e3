import { describe, expect, test } from 'vitest'
import { differencesOf, tagsHere } from './differences.ts'

test('a folder here is something by itself only where one side says so', () => {
  const found = new Map([
    ['lib', { tag: 'folder' }],
    ['empty', { tag: 'folder' }],
    ['a', { tag: 'aa' }],
  ])
  const here = tagsHere(found, [new Map(), new Map([['empty', 'folder']])])
  expect([...here.keys()]).toEqual(['empty', 'a'])
})

describe('what differs', () => {
  const base = new Map([
    ['same', '1'],
    ['mine', '1'],
    ['theirs', '1'],
    ['twice', '1'],
    ['alike', '1'],
    ['gone here', '1'],
    ['gone there', '1'],
    ['gone here, changed there', '1'],
  ])

  test('is said by who has changed it since both were the same', () => {
    const here = new Map([
      ['same', '1'],
      ['mine', '2'],
      ['theirs', '1'],
      ['twice', '2'],
      ['alike', '2'],
      ['gone there', '1'],
      ['new here', '1'],
      ['new in both', '1'],
    ])
    const there = new Map([
      ['same', '1'],
      ['mine', '1'],
      ['theirs', '2'],
      ['twice', '3'],
      ['alike', '2'],
      ['gone here', '1'],
      ['gone here, changed there', '2'],
      ['new there', '1'],
      ['new in both', '2'],
    ])
    expect(differencesOf(base, here, there)).toEqual({
      here: ['gone here', 'mine', 'new here'],
      there: ['gone there', 'new there', 'theirs'],
      both: ['gone here, changed there', 'new in both', 'twice'],
    })
  })

  test('without a base is only here, only there, or in both', () => {
    const here = new Map([...base, ['new', '1']])
    const there = new Map([...base, ['other', '1'], ['same', '2']])
    expect(differencesOf(new Map(), here, there)).toEqual({
      here: ['new'],
      there: ['other'],
      both: ['same'],
    })
  })
})
