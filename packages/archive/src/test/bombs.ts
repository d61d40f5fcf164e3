import { constants, crc32, createDeflateRaw, deflateRawSync, gzipSync } from 'node:zlib'
import type { RefusalReason } from '../refusal.ts'
import { block, type CraftedTar, craftTar, signTar } from './craft-tar.ts'
import { type Crafted, craftZip, zip64Field } from './craft-zip.ts'

interface Bomb {
  title: string
  file: 'bomb.zip' | 'bomb.tar.gz'
  reason: RefusalReason
  make(): Promise<Buffer> | Buffer
}

const MEGABYTE = 1024 * 1024
const MILLION = 1_000_000

/** Archives of some megabytes that ask for gigabytes, or for hours, of whoever opens them. */
export const BOMBS: readonly Bomb[] = [
  zip('ten gigabytes of zeros', 'too-large', () => zeros(10_240 * MEGABYTE)),
  zip('the same zeros that claim to be two megabytes', 'size-lies', () => zeros(2_000_000)),
  zip('a hundred thousand entries over one content', 'overlap', overlapped),
  zip('entries that quote all entries behind them', 'overlap', quotedOverlap),
  zip('a million entries', 'too-many-entries', () => many(MILLION, MILLION)),
  zip('a million of which a few are admitted', 'too-many-entries', () => many(MILLION, 60_000)),
  zip('a million of which most are hidden', 'gap', () => many(99_999, 99_999)),
  zip('millions of folders that nobody names', 'too-many-entries', folders),
  tar('ten gigabytes of zeros', 'too-large', async () => [await claiming('120000000000')]),
  tar('zeros without end behind its entries', 'too-large', async () => [await claiming('0')]),
  tar('a million entries', 'too-many-entries', () => headers({ name: name(0) })),
  tar('a million root folders', 'too-many-entries', () =>
    headers({ name: './', type: 'directory' }),
  ),
  tar('a million headers for all entries', 'too-many-entries', () => headers(block('g', ''))),
  tar('millions of attributes of entries', 'too-large', () => attributes('x')),
  tar('millions of attributes of them all', 'too-large', () => attributes('g')),
]

function zip(title: string, reason: RefusalReason, make: Bomb['make']): Bomb {
  return { title: `a ZIP of ${title}`, file: 'bomb.zip', reason, make }
}

function tar(title: string, reason: RefusalReason, make: () => Promise<Buffer[]>): Bomb {
  const packed = async () => {
    const zeros = Buffer.alloc(100 * MEGABYTE)
    return gzipSync(Buffer.concat([...(await make()), zeros]), { level: 1 })
  }
  return { title: `a tar.gz of ${title}`, file: 'bomb.tar.gz', reason, make: packed }
}

/** Ten thousand times the same flushed megabyte, without deflating more than one. */
async function zeros(size: number): Promise<Buffer> {
  const deflate = createDeflateRaw()
  deflate.write(Buffer.alloc(MEGABYTE))
  await new Promise<void>((resolve) => deflate.flush(constants.Z_FULL_FLUSH, resolve))
  const megabyte = deflate.read() as Buffer
  deflate.destroy()
  const all = Array.from({ length: 10_240 }, () => megabyte)
  const packed = Buffer.concat([...all, Buffer.from([3, 0])])
  const wide = { size: 0xffffffff, packedSize: 0xffffffff, extra: zip64Field(size, packed.length) }
  const said = size > 0xffffffff ? wide : { size }
  return craftZip([{ name: 'zeros', packed, method: 8, both: { ...said, crc: 1 } }])
}

/** David Fifield's first form: every record of the directory leads to the same local header. */
function overlapped(): Buffer {
  const { local, record } = taken({ name: name(0), content: Buffer.alloc(1000) })
  return joined(local, repeated(record, 99_999, 46), 99_999)
}

const HEADER_BYTES = 30 + name(0).length

/**
 * His better one: each content is a deflate block that quotes the next local header as it is, and
 * then goes on as the next entry's content. 250 times 4 MiB out of one.
 */
export function quotedOverlap(): Buffer {
  let content: Buffer = Buffer.alloc(4 * MEGABYTE)
  let packed: Buffer = deflateRawSync(content)
  const records: Buffer[] = []
  for (let index = 249; index >= 0; index -= 1) {
    const both = { crc: crc32(content), size: content.length, packedSize: packed.length }
    const offset = index * (HEADER_BYTES + 5)
    const entry: Crafted = { name: name(index), method: 8, packed, both, central: { offset } }
    const { local, record } = taken(entry)
    records.unshift(record)
    const header = local.subarray(0, HEADER_BYTES)
    const quote = Buffer.from([0, HEADER_BYTES, 0, HEADER_BYTES ^ 0xff, 0xff])
    packed = Buffer.concat([quote, header, packed])
    content = Buffer.concat([header, content])
  }
  // The first header is quoted by nobody.
  return joined(packed.subarray(5), Buffer.concat(records), 250)
}

/** A million empty entries, one after the other; the directory lists the first of them. */
function many(listed: number, said: number): Buffer {
  const { local, record } = taken({ name: name(0) })
  const records = repeated(record, listed, 46, local.length)
  return joined(repeated(local, MILLION, 30), records, said)
}

/** Thirty thousand paths of five hundred folders: no path is too long, no entry one too many. */
function folders(): Buffer {
  const { local, record } = taken({ name: `${name(0)}${'/x'.repeat(500)}` })
  const records = repeated(record, 30_000, 46, local.length)
  return joined(repeated(local, 30_000, 30), records, 30_000)
}

function name(index: number): string {
  return String(index).padStart(7, '0')
}

/** One entry's local header with its content, and its record. */
function taken(entry: Crafted): { local: Buffer; record: Buffer } {
  const whole = craftZip([entry])
  const directory = whole.readUInt32LE(whole.length - 22 + 16)
  return { local: whole.subarray(0, directory), record: whole.subarray(directory, -22) }
}

/** The same bytes many times, each with a name of its own; `step`: from offset to offset. */
function repeated(one: Buffer, times: number, nameAt: number, step?: number): Buffer {
  const all = Buffer.alloc(one.length * times, one)
  for (let index = 0; index < times; index += 1) {
    const at = index * one.length
    all.write(name(index), at + nameAt, 'latin1')
    if (step !== undefined) all.writeUInt32LE(index * step, at + 42)
  }
  return all
}

/** With the end records that belong there, Zip64's where the count needs it. */
function joined(locals: Buffer, records: Buffer, count: number): Buffer {
  const [size, offset] = [records.length, locals.length]
  const [wideSize, wideOffset] = [BigInt(size), BigInt(offset)]
  const zip64 = {
    count: BigInt(count),
    size: wideSize,
    offset: wideOffset,
    recordAt: wideSize + wideOffset,
  }
  const end = { count: Math.min(count, 0xffff), size, offset }
  const ends = craftZip([], count < 0xffff ? end : { ...end, zip64 })
  return Buffer.concat([locals, records, ends])
}

/** One header that claims so many bytes, in octal digits. */
async function claiming(octal: string): Promise<Buffer> {
  const header = await craftTar([{ name: 'zeros' }])
  header.write(octal.padStart(12, '0'), 124, 'latin1')
  signTar(header)
  return header
}

/** A million times the same header, with a name of its own where that is a number. */
async function headers(entry: CraftedTar): Promise<Buffer[]> {
  const header = await craftTar([entry])
  if (entry.name !== name(0)) return [Buffer.alloc(MILLION * header.length, header)]
  const all = repeated(header, MILLION, 0)
  for (let at = 0; at < all.length; at += 512) signTar(all.subarray(at, at + 512))
  return [all]
}

/** Empty files, each behind thousands of records that say nothing. */
async function attributes(type: 'x' | 'g'): Promise<Buffer[]> {
  const records = await craftTar([block(type, '5 a=\n'.repeat(12_000))])
  const names = Array.from({ length: 1000 }, (_, index) => ({ name: name(index) }))
  const files = await Promise.all(names.map((one) => craftTar([one])))
  return files.flatMap((file) => [records, file])
}
