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

/** Made the same way behind other beginnings; chance would make such pairs as well. */
const other: Crafted = { name: 'other', content: Buffer.from('6f74686572062450b5', 'hex') }
const third: Crafted = {
  name: 'third',
  content: Buffer.from('61207468697264206f6e659947a066', 'hex'),
}

test('accepts two contents that share a checksum, as happens by chance', async () => {
  expect(await passGate({ bytes: craftZip([short, other]) })).toEqual(['short', 'other'])
})

refuses('crc-collision', 'three contents with one checksum', [short, other, third], {
  entry: 'third',
})
