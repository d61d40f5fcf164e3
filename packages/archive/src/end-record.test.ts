import { expect, test } from 'vitest'
import { type Crafted, craftZip } from './test/craft-zip.ts'
import { passGate, refusalOf, refusesBy } from './test/refuses.ts'

const refuses = refusesBy(test)
const hello: Crafted = { name: 'a.txt', content: 'hello' }

const FOREIGN: [string, string | Buffer][] = [
  ['an empty file', ''],
  ['a text file', 'just some text'],
  ['a text file', Buffer.from('中文中文')],
  ['a web page', '<!doctype html><title>404</title>'],
  ['a gzip file', Buffer.from('\x1f\x8b\x08\x00', 'latin1')],
  ['a tar archive', Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\x0000')])],
  ['a RAR archive', Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1')],
  ['a 7z archive', Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')],
  ['bytes of no known format', Buffer.from([1, 2, 3, 0, 255])],
]
for (const [name, bytes] of FOREIGN) {
  refuses('not-a-zip', `${name} by its bytes`, Buffer.from(bytes))
  test(`names ${name} in the refusal`, async () => {
    const { message, hint } = await refusalOf({ bytes: Buffer.from(bytes) })
    expect(message).toContain(name)
    expect(hint).toContain('ZIP')
  })
}

test('refuses an archive cut at any byte', async () => {
  const whole = craftZip([hello, { name: 'b', content: 'world', descriptor: 'signed' }])
  for (let length = 4; length < whole.length; length += 1) {
    const refusal = await refusalOf({ bytes: whole.subarray(0, length) })
    expect(refusal.reason).toBe('cut')
  }
})

refuses('trailing', 'bytes behind the end', [hello], { trailing: Buffer.from('junk') })
refuses('cut', 'half an end record behind the end', [hello], {
  trailing: Buffer.from('PK\x05\x06'),
})
refuses('prefix', 'bytes before the first entry', [hello], { prefix: Buffer.from('junk') })
refuses('prefix', 'bytes before an empty archive', [], { prefix: Buffer.from('junk') })

test('says how to build a jar without its launch script', async () => {
  const bytes = craftZip([hello], { prefix: Buffer.from('#!/bin/bash\n') })
  const { message, hint } = await refusalOf({ bytes })
  expect(message).toContain('a launch script')
  expect(hint).toContain('executable false')
})

refuses('ambiguous-end', 'a whole archive in the comment of another', [hello], {
  comment: craftZip([{ name: 'b' }]),
})
refuses('ambiguous-end', 'an end record in the comment that readers from the back take', [hello], {
  comment: Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(40)]),
})
refuses('multi-disk', 'a part of a split archive', [hello], { disk: 1 })

refuses('directory-damaged', 'a directory at another place', [hello], { offset: 43 })
refuses('directory-damaged', 'a directory too short for its entries', [hello], { count: 9 })
refuses('directory-damaged', 'more records than the end record says', [hello, { name: 'b' }], {
  count: 1,
})
refuses('directory-damaged', 'a directory that goes on behind its records', [hello], {
  size: 46 + 5 + 4,
  afterDirectory: Buffer.from('1234'),
})
refuses(
  'directory-damaged',
  'a record that is longer than the directory',
  [{ ...hello, central: { extra: Buffer.alloc(4), name: Buffer.from('a.txt') } }],
  { size: 46 + 5, offset: 42 + 4 },
)

refuses('zip64-lies', 'a Zip64 locator that points elsewhere', [hello], { zip64: { recordAt: 0n } })
refuses('zip64-lies', 'two counts of entries', [hello], { zip64: { count: 2n } })
refuses('zip64-lies', 'two places of the directory', [hello], { zip64: { offset: 1n } })
refuses('zip64-lies', 'a Zip64 record with more behind it', [hello], { zip64: { length: 56n } })
refuses('zip64-lies', 'a prefix that a Zip64 locator does not count', [hello], {
  zip64: {},
  prefix: Buffer.from('x'),
})
refuses('prefix', 'a Zip64 record without its locator', [], {
  afterDirectory: Buffer.concat([Buffer.from('PK\x06\x06'), Buffer.alloc(52)]),
})
refuses('ambiguous-end', 'an end record between the directory and the last one', [hello], {
  comment: Buffer.from(`${'PK\x05\x06'}${'\0'.repeat(18)}`, 'latin1'),
})
refuses('zip64-lies', 'a locator without its record', [hello], {
  afterDirectory: Buffer.concat([Buffer.from('PK\x06\x07'), Buffer.alloc(16)]),
})

test('accepts an empty archive, a comment, and Zip64 end records', async () => {
  expect(await passGate({ bytes: craftZip([]) })).toEqual([])
  expect(await passGate({ bytes: craftZip([hello], { comment: 'made by hand' }) })).toEqual([
    'a.txt',
  ])
  expect(await passGate({ bytes: craftZip([hello], { zip64: {} }) })).toEqual(['a.txt'])
  const zip64 = craftZip([hello], {
    zip64: {},
    count: 0xffff,
    size: 0xffffffff,
    offset: 0xffffffff,
  })
  expect(await passGate({ bytes: zip64 })).toEqual(['a.txt'])
})
