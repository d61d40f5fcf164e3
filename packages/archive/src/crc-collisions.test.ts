import { expect, test } from 'vitest'
import { type Crafted, craftZip } from './test/craft-zip.ts'
import { passGate, refusesBy } from './test/refuses.ts'

const refuses = refusesBy(test)
/** Four bytes that leave a checksum as it is after "abc", found by malo's authors. */
const short: Crafted = { name: 'short', content: 'abc', method: 0 }
const long: Crafted = { name: 'long', content: Buffer.from('616263e4502c59', 'hex'), method: 0 }

refuses('crc-collision', 'content that goes on and keeps its checksum', [short, long], {
  entry: 'long',
})

test('accepts equal files, whose checksums are equal for good reason', async () => {
  const entries = ['a', 'b', 'c'].map((name) => ({ name, content: 'abc' }))
  expect(await passGate({ bytes: craftZip(entries) })).toEqual(['a', 'b', 'c'])
})

test('accepts two contents that share a checksum by chance', async () => {
  // "plumless" and "buckeroo" have one CRC-32; a byte of padding keeps their lengths apart.
  const entries = [
    { name: 'a', content: 'plumless' },
    { name: 'b', content: 'buckeroo' },
  ]
  expect(await passGate({ bytes: craftZip(entries) })).toEqual(['a', 'b'])
})
