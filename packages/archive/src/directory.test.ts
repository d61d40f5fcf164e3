import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import {
  type Crafted,
  craftZip,
  extraField,
  unicodePathField,
  zip64Field,
} from './test/craft-zip.ts'
import { passGate, refusesBy } from './test/refuses.ts'

const refuses = refusesBy(test)
const hello: Crafted = { name: 'a.txt', content: 'hello' }
const entry = 'a.txt'
const with2 = (field: Buffer): Crafted => ({
  ...hello,
  both: { extra: Buffer.concat([field, field]) },
})

refuses('encrypted', 'an encrypted entry', [{ ...hello, both: { flags: 0x801 } }], { entry })
refuses('encrypted', 'a strongly encrypted entry', [{ ...hello, both: { flags: 0x840 } }], {
  entry,
})
refuses('encrypted', 'a masked local header', [{ ...hello, both: { flags: 0x2800 } }], { entry })
refuses('method', 'bzip2', [{ ...hello, both: { method: 12 } }], { entry })
refuses('method', 'a patch of another file', [{ ...hello, both: { flags: 0x820 } }], { entry })
refuses('entry-comment', 'an entry with a comment', [{ ...hello, central: { comment: 'x' } }], {
  entry,
})
refuses('multi-disk', 'an entry on another disk', [{ ...hello, central: { disk: 1 } }], { entry })

refuses(
  'extra-field',
  'an extra field longer than its area',
  [{ ...hello, both: { extra: Buffer.from([1, 0, 255, 0]) } }],
  { entry },
)
refuses(
  'extra-field',
  'three bytes that are no extra field',
  [{ ...hello, both: { extra: Buffer.from('abc') } }],
  { entry },
)
refuses('extra-field', 'two Zip64 fields', [with2(zip64Field())], { entry })
refuses(
  'extra-field',
  'two Unicode Path fields',
  [with2(unicodePathField(Buffer.from('a.txt'), 'a.txt'))],
  { entry },
)

refuses(
  'zip64-lies',
  'a Zip64 field with a number too many',
  [{ ...hello, both: { size: 0xffffffff, extra: zip64Field(5, 7) } }],
  { entry },
)
refuses(
  'zip64-lies',
  'a Zip64 field with a number too few',
  [{ ...hello, both: { size: 0xffffffff, packedSize: 0xffffffff, extra: zip64Field(5) } }],
  { entry },
)
refuses(
  'zip64-lies',
  'a Zip64 field that nothing asks for',
  [{ ...hello, both: { extra: zip64Field(50) } }],
  { entry },
)

refuses('size-lies', 'two sizes of stored content', [{ ...hello, method: 0, both: { size: 4 } }], {
  entry,
})
refuses(
  'crc-collision',
  'the checksum of nothing for something',
  [{ ...hello, method: 0, content: Buffer.from('d00dfacecb199ef0', 'hex') }],
  { entry },
)

refuses('too-many-entries', 'a million entries, by the end record alone', [], {
  count: 0xffff,
  zip64: { count: 1_000_000n },
})
refuses(
  'too-many-entries',
  'a directory of over 32 MiB',
  Buffer.concat([
    Buffer.alloc(33 * 1024 * 1024),
    craftZip([], { count: 1, size: 33 * 1024 * 1024 }),
  ]),
)
refuses(
  'too-large',
  'contents that are too large together',
  [0, 1, 2].map((index) => ({
    name: `${index}.bin`,
    content: Buffer.alloc(400_000),
  })),
)
refuses(
  'ratio',
  'ten bytes that claim to be half a million',
  [{ ...hello, packed: Buffer.alloc(10), both: { size: 500_000 } }],
  { entry },
)

test('accepts Zip64 sizes where the header leaves them out, and unknown extra fields', async () => {
  const timestamp = extraField(0x5455, Buffer.from([1, 0, 0, 0, 0]))
  const zip64: Crafted = {
    ...hello,
    method: 0,
    both: { size: 0xffffffff, packedSize: 0xffffffff, extra: zip64Field(5, 5) },
  }
  const entries = [zip64, { name: 'b', both: { extra: timestamp } }]
  expect(await passGate({ bytes: craftZip(entries) })).toEqual(['a.txt', 'b'])
})

test('accepts every form of data descriptor that writers make', async () => {
  const entries: Crafted[] = [
    { name: 'signed', content: 'x', descriptor: 'signed' },
    { name: 'stored', content: 'x', method: 0, descriptor: 'signed' },
    // Java: a folder that is "deflated" to two bytes.
    { name: 'folder/', method: 8, packed: Buffer.from([3, 0]), descriptor: 'signed' },
    // Info-ZIP to a pipe: the size is known already.
    { name: 'size-known', content: 'xyz', descriptor: 'signed', local: { size: 3 } },
    // The bit in the local header alone.
    { name: 'local-bit', content: 'x', descriptor: 'signed', central: { flags: 0x800 } },
    { name: 'wide', content: 'x', descriptor: 'wide', local: { extra: zip64Field() } },
  ]
  const paths = entries.map(({ name }) => String(name).replace('/', ''))
  expect(await passGate({ bytes: craftZip(entries) })).toEqual(paths)
})

test('accepts what is exactly at the limits and refuses one more', async () => {
  const bytes = craftZip([
    { name: 'a', content: 'x'.repeat(1000) },
    { name: 'b', content: 'y'.repeat(1000) },
  ])
  const packedSize = deflateRawSync('x'.repeat(1000)).length
  const exact = { entriesMax: 2, unpackedBytesMax: 2000, ratioMax: 1000 / packedSize }
  const archive = await openArchive({ bytes }, { limits: exact })
  expect(archive.unpackedSize).toBe(2000)
  for (const [field, reason] of [
    ['entriesMax', 'too-many-entries'],
    ['unpackedBytesMax', 'too-large'],
    ['ratioMax', 'ratio'],
  ] as const) {
    const less = { ...exact, [field]: exact[field] - 1 }
    await expect(openArchive({ bytes }, { limits: less })).rejects.toMatchObject({
      reason,
      code: 'UNPACKED_TOO_LARGE',
    })
  }
})
