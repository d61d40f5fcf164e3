import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers'
import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { type Crafted, craftZip } from './test/craft-zip.ts'
import { limits, passGate, refusesBy, withFile, withFolder } from './test/refuses.ts'
import { unpackArchive } from './unpack.ts'
import { verifyArchive } from './verify.ts'

const refuses = refusesBy(test)
const entry = 'a.txt'
const wide = { ...limits, unpackedBytesMax: 1024 ** 3 }

/** An entry as it stands in an archive: local header, content, descriptor. */
function localOf(crafted: Crafted): Buffer {
  const whole = craftZip([crafted])
  return whole.subarray(0, whole.readUInt32LE(whole.length - 22 + 16))
}

const EVIL = localOf({ name: 'evil.js', content: 'evil', method: 0 })

interface Claims {
  crc?: number
  size?: number
  form?: 'signed' | 'wide'
}

/** A data descriptor for content that it follows; what is not claimed is the truth. */
function descriptorOf(content: Buffer | string, { crc, size, form = 'signed' }: Claims = {}) {
  const length = Buffer.byteLength(content)
  const both = { crc: crc ?? crc32(content), packedSize: size ?? length, size: size ?? length }
  const crafted = { name: 'x', content: Buffer.from(content), method: 0, descriptor: form, both }
  return localOf(crafted).subarray(30 + 1 + length)
}

/** Stored content of unknown length that seems to end after `good`, with an entry behind it. */
function hiding(good: Buffer | string, claims?: Claims): Crafted {
  const content = Buffer.concat([Buffer.from(good), descriptorOf(good, claims), EVIL])
  return { name: entry, content, method: 0, descriptor: 'signed' }
}

const KINDS: [string, Crafted][] = [
  ['and hides another entry', hiding('good')],
  ['with 64-bit sizes', hiding('good', { form: 'wide' })],
  ['by its size alone', hiding('good', { crc: 1 })],
  ['by its checksum alone', hiding('good', { size: 3 })],
  ['after no bytes at all', hiding('')],
  ['where the local header gives the sizes', { ...hiding('good'), local: sizesOf(hiding('good')) }],
  ['where the directory leaves descriptors out', { ...hiding('good'), central: { flags: 0x800 } }],
  ['where the real descriptor has 64-bit sizes', { ...hiding('good'), ...inZip64() }],
]
for (const [kind, crafted] of KINDS) {
  refuses('descriptor', `stored content that seems to end early ${kind}`, [crafted], { entry })
}

function sizesOf({ content = '' }: Crafted) {
  return { packedSize: content.length, size: content.length }
}

/** An empty Zip64 field in the local header promises the wide form. */
function inZip64(): Partial<Crafted> {
  return { descriptor: 'wide', local: { extra: Buffer.from([1, 0, 0, 0]) } }
}

refuses(
  'descriptor',
  'stored content that seems to end early by bytes of its own descriptor',
  [{ name: entry, content: halfDescriptor(), method: 0, descriptor: 'signed' }],
  { entry },
)

/** Content that ends in a signature and half a checksum; "PK" of the real one completes it. */
function halfDescriptor(): Buffer {
  for (let number = 0; ; number += 1) {
    const crc = crc32(`${number}`)
    if (crc >>> 16 !== 0x4b50) continue
    const end = descriptorOf(`${number}`).subarray(0, 6)
    return Buffer.concat([Buffer.from(`${number}`), end])
  }
}

describe('content larger than what is read in one piece', () => {
  /** Blocks have 262,144 bytes: the false descriptor lies in one, or astride of two. */
  const places = [1_100_000, 1_310_720 - 12, 1_310_720 - 5, 1_310_720 - 1, 1_310_720]
  test.each(places)('is refused as well, from memory and from a file: %d', async (place) => {
    const bytes = craftZip([hiding(Buffer.alloc(place, 'x'))])
    await withFile(bytes, async (path) => {
      for (const content of [{ bytes }, { path }]) {
        const archive = await openArchive(content, { limits: wide })
        const refusal = { reason: 'descriptor', entry }
        await expect(verifyArchive(archive)).rejects.toMatchObject(refusal)
        await archive.close()
      }
    })
  })
})

test.each([4, 1_100_000])('is refused by unpacking without a verify: %d bytes', async (length) => {
  await withFolder(async (folder) => {
    const bytes = craftZip([hiding(Buffer.alloc(length, 'x'))])
    const archive = await openArchive({ bytes }, { limits: wide })
    await mkdir(join(folder, 'out'))
    await expect(unpackArchive(archive, join(folder, 'out'))).rejects.toMatchObject({
      reason: 'descriptor',
      entry,
      message: expect.stringContaining(`byte ${length}`),
      zh: { detail: expect.stringContaining(`第 ${length} 字节`) },
    })
  })
})

describe('what is no false end', () => {
  const stored = (content: Buffer): Crafted => ({
    name: entry,
    content,
    method: 0,
    descriptor: 'signed',
  })
  const other = descriptorOf('another content')
  const inner = craftZip([stored(Buffer.from('good')), { ...stored(other), name: 'b' }])
  const FORMS: [string, Crafted][] = [
    ['a descriptor of something else', stored(Buffer.concat([Buffer.from('good'), other, EVIL]))],
    ['an archive with descriptors', stored(inner)],
    ['a signature at its end', stored(Buffer.from('goodPK\x07\x08', 'latin1'))],
    ['nothing but signatures', stored(Buffer.alloc(8000, 'PK\x07\x08', 'latin1'))],
    ['nothing', stored(Buffer.alloc(0))],
    ['one that is no end as the length is known', { ...hiding('good'), descriptor: undefined }],
    ['one in deflated content, which ends by itself', { ...hiding('good'), method: 8 }],
  ]
  test.each(FORMS)('%s passes', async (_form, crafted) => {
    expect(await passGate({ bytes: craftZip([crafted]) })).toEqual([entry])
  })

  test('content full of signatures passes, and lets others have a turn', async () => {
    const bytes = craftZip([stored(Buffer.alloc(4 * 1024 ** 2, 'PK\x07\x08', 'latin1'))])
    const archive = await openArchive({ bytes }, { limits: wide })
    let turns = 0
    const count = () => {
      turns += 1
      next = setImmediate(count)
    }
    let next = setImmediate(count)
    await archive.read(entry, 4 * 1024 ** 2)
    const atOnce = turns
    await verifyArchive(archive)
    clearImmediate(next)
    expect(atOnce).toBeGreaterThan(0)
    expect(turns - atOnce).toBeGreaterThan(0)
  })
})
