import { crc32, deflateRawSync } from 'node:zlib'
import { test } from 'vitest'
import { type Crafted, craftZip, zip64Field } from './test/craft-zip.ts'
import { refusesBy } from './test/refuses.ts'

const refuses = refusesBy(test)
const hello: Crafted = { name: 'a.txt', content: 'hello' }
const entry = 'a.txt'

refuses('gap', 'bytes between two entries', [hello, { name: 'b', before: Buffer.from('hidden') }], {
  entry: 'b',
})
refuses(
  'gap',
  'more bytes between two entries than any header has',
  [hello, { name: 'b', before: Buffer.alloc(70_000) }],
  { entry: 'b' },
)
refuses('gap', 'an entry that the directory leaves out', [hello], {
  beforeDirectory: craftZip([{ name: 'b' }]).subarray(0, 31),
})
refuses('prefix', 'bytes before the first entry, counted by its offset', [
  { ...hello, before: Buffer.from('#!/bin/sh\n') },
])

refuses('overlap', 'two entries over one content', [
  hello,
  { name: 'b', content: 'hello', central: { offset: 0 } },
])
refuses('overlap', 'content that reaches into the directory', [
  { ...hello, method: 0, both: { packedSize: 9, size: 9 } },
])
refuses(
  'overlap',
  'an entry inside the content of another, as a quoted overlap bomb has it',
  [
    { name: 'a', method: 0, content: 'x', both: { packedSize: 33, size: 33 } },
    { name: 'b', method: 0, content: 'x' },
  ],
  { entry: 'b' },
)

refuses('local-header-damaged', 'an offset to something else', [
  { ...hello, local: { name: Buffer.from('a.txt') }, central: { offset: 0 }, before: SIGNATURE() },
])

const LOCAL_LIES: [string, Crafted['local']][] = [
  ['name', { name: Buffer.from('b.txt') }],
  ['name with control characters', { name: Buffer.from('\x1b[2Ja') }],
  ['compression method', { method: 0 }],
  ['checksum', { crc: 1 }],
  ['size', { size: 4 }],
  ['compressed size', { packedSize: 4 }],
  ['encryption', { flags: 0x801 }],
  ['encoding of the name', { flags: 0 }],
]
for (const [field, local] of LOCAL_LIES) {
  refuses('local-header-differs', `another ${field} in the local header`, [{ ...hello, local }], {
    entry,
  })
}
refuses('local-header-differs', 'a wrong local size beside a data descriptor', [
  { ...hello, descriptor: 'signed', local: { size: 4 } },
])
refuses('local-header-differs', 'a descriptor that only the directory knows of', [
  { ...hello, central: { flags: 0x808 } },
])

refuses('descriptor', 'a descriptor of zeros', [{ ...hello, descriptor: Buffer.alloc(16) }])
refuses('descriptor', 'a descriptor with another checksum', [
  { ...hello, descriptor: Buffer.from('PK\x07\x081234\x07\0\0\0\x05\0\0\0') },
])
refuses('descriptor', 'a descriptor without its signature', [
  { ...hello, descriptor: 'unsigned' },
  { name: 'b', before: Buffer.alloc(4) },
])

const numbers = (...given: number[]) => {
  const bytes = Buffer.from('PK\x07\x08'.padEnd(16, '\0'), 'latin1')
  for (const [at, number] of given.entries()) bytes.writeUInt32LE(number, 4 + at * 4)
  return bytes
}
const { length: packed } = deflateRawSync('hello')
refuses('descriptor', 'a descriptor with another compressed size', [
  { ...hello, descriptor: numbers(crc32('hello'), packed + 1, 5) },
])
refuses('descriptor', 'a descriptor with another size', [
  { ...hello, descriptor: numbers(crc32('hello'), packed, 6) },
])
refuses('descriptor', 'a narrow descriptor where a Zip64 field promises a wide one', [
  { ...hello, descriptor: 'signed', local: { extra: zip64Field() } },
  { name: 'b', before: Buffer.alloc(8) },
])
refuses('descriptor', 'a descriptor that the directory knows and its zeros do not', [
  {
    ...hello,
    method: 0,
    descriptor: 'signed',
    central: { crc: 0, packedSize: 0, size: 0 },
  },
])
refuses('local-header-differs', 'numbers that are left out without a descriptor', [
  { ...hello, local: { crc: 0, packedSize: 0, size: 0 } },
])
refuses('overlap', 'a compressed size in Zip64 that reaches into the directory', [
  zip64Entry(5, 50),
])
refuses('size-lies', 'a size in Zip64 that the content has not', [zip64Entry(6, packed)])

function zip64Entry(size: number, packedSize: number): Crafted {
  const both = { size: 0xffffffff, packedSize: 0xffffffff, extra: zip64Field(size, packedSize) }
  return { ...hello, method: 8, both }
}

refuses('zip64-lies', 'a local Zip64 field that nothing asks for', [
  { ...hello, local: { extra: zip64Field(50, 70) } },
])

/** Looks like a local header up to its last byte. */
function SIGNATURE(): Buffer {
  return Buffer.from('PK\x03\x05')
}
