import { expect, test } from 'vitest'
import { parsePax } from './pax-records.ts'

const parse = (text: string) => {
  const records = parsePax(Buffer.from(text))
  return records && Object.fromEntries([...records].map(([key, value]) => [key, `${value}`]))
}

/** A record with its length, which counts its own digits. */
function record(key: string, value: string): string {
  const bytes = Buffer.byteLength(` ${key}=${value}\n`)
  const length = bytes + String(bytes + String(bytes).length).length
  return `${length} ${key}=${value}\n`
}

test('records are read by their lengths in bytes, and the last of a key holds', () => {
  expect(parse('')).toEqual({})
  expect(record('path', '目录')).toBe('15 path=目录\n')
  const two = record('path', '目录') + record('mtime', '1.5')
  expect(parse(two)).toEqual({ path: '目录', mtime: '1.5' })
  expect(parse(record('path', 'a') + record('path', 'b'))).toEqual({ path: 'b' })
  const odd = record('path', '') + record('a', 'b\n=c\n')
  expect(parse(odd)).toEqual({ path: '', a: 'b\n=c\n' })
  expect(parse(record('long', 'x'.repeat(1000)))).toEqual({ long: 'x'.repeat(1000) })
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
  ['behind which something follows', '9 path=a\n\0\0'],
])('a record %s can not be read', (_title, text) => {
  expect(parse(text)).toBeUndefined()
})
