import { randomBytes } from 'node:crypto'
import { buffer, text } from 'node:stream/consumers'
import { constants, crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { type Crafted, craftZip } from './test/craft-zip.ts'
import { limits, refusalOf, refusesBy, withFile } from './test/refuses.ts'
import { verifyArchive } from './verify.ts'

const refuses = refusesBy(test)
const hello: Crafted = { name: 'a.txt', content: 'hello' }
const entry = 'a.txt'
/** Beyond what is read in one piece, so that it is streamed. */
const large = randomBytes(1_500_000)
const big: Crafted = { name: 'a.bin', content: large }
const wide = { ...limits, unpackedBytesMax: 1024 ** 3 }

refuses(
  'data-damaged',
  'bytes that are not deflated',
  [{ ...hello, packed: Buffer.alloc(4, 255) }],
  {
    entry,
  },
)
refuses(
  'data-damaged',
  'deflated data without their end',
  [{ ...hello, packed: Buffer.from([0xcb, 0x48]) }],
  { entry },
)
refuses('size-lies', 'more content than said', [{ ...hello, both: { size: 4 } }], { entry })
refuses('size-lies', 'less content than said', [{ ...hello, both: { size: 6 } }], { entry })
refuses(
  'size-lies',
  'bytes behind the compressed data',
  [{ ...hello, packed: Buffer.concat([deflateRawSync('hello'), Buffer.from('PK\x03\x04')]) }],
  { entry },
)
refuses('crc', 'a wrong checksum', [{ ...hello, both: { crc: 1 } }], { entry })
refuses('crc', 'a wrong checksum of stored content', [{ ...hello, method: 0, both: { crc: 1 } }], {
  entry,
})

const LARGE_LIES: [string, Crafted][] = [
  ['crc', { ...big, both: { crc: 1 } }],
  ['size-lies', { ...big, both: { size: large.length + 1 } }],
  ['size-lies', { ...big, both: { size: large.length - 1 } }],
  ['size-lies', { ...big, packed: Buffer.concat([deflateRawSync(large), Buffer.from('x')]) }],
  ['data-damaged', { ...big, packed: deflateRawSync(large).subarray(0, -9) }],
  ['crc', { ...big, method: 0, both: { crc: 1 } }],
]
for (const [reason, crafted] of LARGE_LIES) {
  test(`ends the stream of a large entry with an error: ${reason}`, async () => {
    await withFile(craftZip([crafted]), async (path) => {
      const archive = await openArchive({ path }, { limits: wide })
      const read = async () => buffer(await archive.open('a.bin'))
      await expect(read()).rejects.toMatchObject({ reason, entry: 'a.bin' })
      await archive.close()
    })
  })
}

test('streams from one file side by side, and closing one stream leaves the others', async () => {
  const entries = [big, { ...big, name: 'b.bin', method: 0 }, hello]
  await withFile(craftZip(entries), async (path) => {
    const archive = await openArchive({ path }, { limits: wide })
    const [first, second, dropped] = await Promise.all([
      archive.open('a.bin'),
      archive.open('b.bin'),
      archive.open('a.bin'),
    ])
    dropped.once('data', () => dropped.destroy())
    const [a, b] = await Promise.all([buffer(first), buffer(second)])
    expect(a.equals(large) && b.equals(large)).toBe(true)
    expect(await text(await archive.open('a.txt'))).toBe('hello')
    await archive.close()
  })
})

test('reads no more than it is asked for', async () => {
  const archive = await openArchive({ bytes: craftZip([hello]) }, { limits })
  await expect(archive.read('a.txt', 4)).rejects.toMatchObject({ reason: 'too-large', entry })
  expect((await archive.read('a.txt', 5)).toString()).toBe('hello')
})

test('calls it a mistake of ours when asked for what is not there', async () => {
  const archive = await openArchive({ bytes: craftZip([hello]) }, { limits })
  await expect(archive.read('b.txt', 5)).rejects.toMatchObject({ code: 'BUG' })
})

test('refuses 10 GB of zeros by what the directory says', async () => {
  const bomb = {
    name: 'zeros',
    packed: Buffer.alloc(16),
    method: 8,
    both: { size: 0xfffffff0, crc: 1 },
  }
  const started = performance.now()
  expect((await refusalOf({ bytes: craftZip([bomb]) })).code).toBe('UNPACKED_TOO_LARGE')
  expect(performance.now() - started).toBeLessThan(1000)
})

test('stops inflating 10 GB of zeros at the size that the headers admit to', async () => {
  const packed = await tenGigabytesOfZeros()
  const bytes = craftZip([
    {
      name: 'zeros',
      packed,
      method: 8,
      both: { size: 2_000_000, crc: crc32(Buffer.alloc(2_000_000)) },
    },
  ])
  const archive = await openArchive({ bytes }, { limits: wide })
  const before = process.memoryUsage().rss
  const started = performance.now()
  await expect(verifyArchive(archive)).rejects.toMatchObject({ reason: 'size-lies' })
  expect(performance.now() - started).toBeLessThan(1000)
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
})

/** Ten thousand times the same flushed megabyte, without deflating more than one. */
async function tenGigabytesOfZeros(): Promise<Buffer> {
  const deflate = createDeflateRaw()
  deflate.write(Buffer.alloc(1024 * 1024))
  await new Promise<void>((resolve) => deflate.flush(constants.Z_FULL_FLUSH, resolve))
  const megabyte = deflate.read() as Buffer
  deflate.destroy()
  const all = Array.from({ length: 10_240 }, () => megabyte)
  return Buffer.concat([...all, Buffer.from([3, 0])])
}

test('stops when the signal says so', async () => {
  const bytes = craftZip([big, hello])
  const archive = await openArchive({ bytes }, { limits: wide })
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(verifyArchive(archive, { signal })).rejects.toThrow('enough')
  await expect(openArchive({ bytes }, { limits, signal })).rejects.toThrow('enough')
})

test('answers SOURCE_NOT_FOUND for no file, a folder and a link', async () => {
  for (const path of ['/does/not/exist.zip', '/', '/proc/self/exe']) {
    await expect(openArchive({ path }, { limits })).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
    })
  }
})
