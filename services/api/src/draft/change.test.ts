import { type DraftEntry, LIMITS } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { checkEntries, moved, withEntry, without } from './change.ts'
import { entryAt } from './entry-at.ts'

const file = (size = 1): DraftEntry => ({ kind: 'file', size, sha256: 'aa' })
const FOLDER: DraftEntry = { kind: 'folder', size: 0 }

function draft(...paths: string[]): Map<string, DraftEntry> {
  return new Map(
    paths.map((path) => [path.replace(/\/$/, ''), path.endsWith('/') ? FOLDER : file()]),
  )
}

const pathsOf = (entries: ReadonlyMap<string, DraftEntry>) => [...entries.keys()].sort()
const check = (...paths: string[]) => checkEntries(draft(...paths), 1000)

describe('a change', () => {
  test('adds, replaces and removes one entry, and leaves what was read as it was', () => {
    const before = draft('a', 'b')
    expect(withEntry(before, 'a', file(5)).get('a')?.size).toBe(5)
    expect(pathsOf(withEntry(before, 'c', file()))).toEqual(['a', 'b', 'c'])
    expect(pathsOf(without(before, 'a'))).toEqual(['b'])
    expect(pathsOf(before)).toEqual(['a', 'b'])
  })

  test('of a folder is one of all that is in it, and of nothing that begins like it', () => {
    const before = draft('lib/', 'lib/a', 'lib/b/c', 'library', 'lib.js')
    expect(pathsOf(without(before, 'lib'))).toEqual(['lib.js', 'library'])
    expect(pathsOf(moved(before, 'lib', 'src/lib'))).toEqual([
      'lib.js',
      'library',
      'src/lib',
      'src/lib/a',
      'src/lib/b/c',
    ])
    expect(entryAt(before, 'lib/b')).toEqual(FOLDER)
    expect(entryAt(before, 'li')).toBeUndefined()
  })

  test('moves nothing onto another, into itself, or out of nowhere', () => {
    const before = draft('a', 'b', 'lib/c')
    for (const [from, to] of [
      ['a', 'b'],
      ['a', 'lib'],
      ['lib', 'lib/inner'],
      ['a', 'a'],
    ] as const) {
      expect(() => moved(before, from, to)).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    }
    const absent = expect.objectContaining({ code: 'NOT_FOUND' })
    expect(() => moved(before, 'none', 'x')).toThrow(absent)
    expect(() => without(before, 'li')).toThrow(absent)
    expect(pathsOf(moved(before, 'a', 'A'))).toEqual(['A', 'b', 'lib/c'])
  })
})

describe('entries', () => {
  test.each([
    [['a', 'A'], '"a" and "A"'],
    [['a', 'a/b'], '"a" and "a/b"'],
    [['lib/', 'Lib'], '"lib" and "Lib"'],
    [['é', 'e\u0301'], 'can not both be'],
  ])('that can not stand side by side are refused: %j', (paths, text) => {
    expect(() => check(...paths)).toThrow(
      expect.objectContaining({ code: 'CONFLICT', message: expect.stringContaining(text) }),
    )
  })

  test('are files, and folders with and without files', () => {
    expect(() => check('lib/', 'lib/a', 'lib/inner/', 'lib/inner/deep/', 'index.js')).not.toThrow()
  })

  test('are no more than an editor takes', () => {
    const large = new Map([
      ['a', file(600)],
      ['b', file(401)],
    ])
    const code = { code: 'UNPACKED_TOO_LARGE' }
    expect(() => checkEntries(large, 1000)).toThrow(expect.objectContaining(code))
    expect(() => checkEntries(large, 1001)).not.toThrow()
    const many = Array.from({ length: LIMITS.draftEntriesMax + 1 }, (_, index) => `f${index}`)
    expect(() => check(...many)).toThrow(expect.objectContaining(code))
  })
})
