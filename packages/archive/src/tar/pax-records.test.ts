import { expect, test } from 'vitest'
import { parsePax } from './pax-records.ts'

const parse = (text: string) => {
  const records = parsePax(Buffer.from(text))
  if (!records) return undefined
  const texts = Object.entries(records).map(([key, value]) => [key, value && `${value}`])
  return Object.fromEntries(texts)
}

/** A record with its length, which counts its own digits. */
function record(key: string, value: string): string {
  const bytes = Buffer.byteLength(` ${key}=${value}\n`)
  const length = bytes + String(bytes + String(bytes).length).length
  return `${length} ${key}=${value}\n`
}

test('records are read by their lengths in bytes, and the last of a key holds', () => {
  const isSparse = false
  expect(parse('')).toEqual({ isSparse })
  expect(record('path', '目录')).toBe('15 path=目录\n')
  const more = record('path', '目录') + record('mtime', '1.5') + record('size', '5')
  expect(parse(more)).toEqual({ path: '目录', size: '5', isSparse })
  expect(parse(record('path', 'a') + record('path', 'b'))).toEqual({ path: 'b', isSparse })
  expect(parse(record('linkpath', 'b\n=c\n'))).toEqual({ linkpath: 'b\n=c\n', isSparse })
  expect(parse(record('path', 'x'.repeat(1000)))).toEqual({ path: 'x'.repeat(1000), isSparse })
  expect(parse(record('GNU.sparse.major', '1'))).toEqual({ isSparse: 'true' })
  expect(parse(record('pathological', '1') + record('comment', ''))).toEqual({ isSparse })
})

test.each([
  ['without a length', 'path=a\n'],
  ['with a length that is no number', '0x9 path=a\n'],
  ['with a length in front of nothing', '10'],
  ['with a length of zero', '0 path=a\n'],
  ['with a length that begins with zero', '010 path=a\n'],
  ['longer than the header', '20 path=a\n'],
  ['shorter than it is', '8 path=a\n'],
  ['without a key', '5 =a\n'],
  ['without a value', '7 path\n'],
  ['that empties a path', '8 path=\n'],
  ['that empties a size', '8 size=\n'],
  ['behind which something follows', '9 path=a\n\0\0'],
])('a record %s can not be read', (_title, text) => {
  expect(parse(text)).toBeUndefined()
})
