import { crc32, deflateRawSync } from 'node:zlib'

/** What a local header or a directory record says; what is left out is the truth. */
interface Said {
  name?: Buffer
  flags?: number
  method?: number
  crc?: number
  packedSize?: number
  size?: number
  extra?: Buffer
}

/** One entry with everything that can be wrong with it. */
export interface Crafted {
  name: string | Buffer
  content?: Buffer | string
  /** 8 deflated (default), 0 stored. */
  method?: number
  /** Instead of the content deflated or stored. */
  packed?: Buffer
  /** With the file type; without it the entry is made on DOS. */
  mode?: number
  system?: number
  attributes?: number
  both?: Said
  local?: Said
  central?: Said & { offset?: number; disk?: number; comment?: string }
  /** Data descriptor: sets bit 3 and zeroes the local numbers; a Buffer replaces its bytes. */
  descriptor?: 'signed' | 'unsigned' | 'wide' | Buffer
  /** Bytes that belong to no entry. */
  before?: Buffer
}

/** How the end of the archive differs from the truth. */
export interface CraftedEnd {
  count?: number
  size?: number
  offset?: number
  disk?: number
  comment?: Buffer | string
  prefix?: Buffer
  beforeDirectory?: Buffer
  afterDirectory?: Buffer
  trailing?: Buffer
  zip64?: { count?: bigint; size?: bigint; offset?: bigint; recordAt?: bigint; length?: bigint }
}

/** A ZIP by its bytes, as wrong as is asked for. */
export function craftZip(entries: readonly Crafted[], end: CraftedEnd = {}): Buffer {
  const parts: Buffer[] = [end.prefix ?? NOTHING]
  const records: Buffer[] = []
  const at = () => parts.reduce((sum, part) => sum + part.length, 0) - (end.prefix?.length ?? 0)
  for (const entry of entries) {
    parts.push(entry.before ?? NOTHING)
    records.push(centralRecord(entry, at()))
    parts.push(localHeader(entry), packedOf(entry), descriptorOf(entry))
  }
  parts.push(end.beforeDirectory ?? NOTHING)
  const offset = at()
  parts.push(...records)
  const size = at() - offset
  parts.push(end.afterDirectory ?? NOTHING)
  if (end.zip64) parts.push(zip64End(entries.length, size, offset, at(), end.zip64))
  parts.push(endRecord(entries.length, size, offset, end), end.trailing ?? NOTHING)
  return Buffer.concat(parts)
}

/** An extra field: id, length, bytes. */
export function extraField(id: number, bytes: Buffer): Buffer {
  return Buffer.concat([uint16(id), uint16(bytes.length), bytes])
}

/** A Zip64 field of these numbers. */
export function zip64Field(...numbers: number[]): Buffer {
  return extraField(0x0001, Buffer.concat(numbers.map((number) => uint64(BigInt(number)))))
}

/** A Unicode Path field for an entry whose raw name is `rawName`. */
export function unicodePathField(rawName: Buffer, name: string): Buffer {
  const head = Buffer.concat([Buffer.from([1]), uint32(crc32(rawName))])
  return extraField(0x7075, Buffer.concat([head, Buffer.from(name)]))
}

const NOTHING = Buffer.alloc(0)
const UTF8 = 0x800
const DESCRIPTOR = 0x8

function contentOf(entry: Crafted): Buffer {
  return Buffer.from(entry.content ?? '')
}

function packedOf(entry: Crafted): Buffer {
  if (entry.packed) return entry.packed
  return methodOf(entry) === 8 ? deflateRawSync(contentOf(entry)) : contentOf(entry)
}

function methodOf(entry: Crafted): number {
  return entry.method ?? (contentOf(entry).length > 0 ? 8 : 0)
}

function truth(entry: Crafted): Required<Said> {
  const name = Buffer.from(entry.name)
  const flags = (typeof entry.name === 'string' ? UTF8 : 0) | (entry.descriptor ? DESCRIPTOR : 0)
  return {
    name,
    flags,
    method: methodOf(entry),
    crc: crc32(contentOf(entry)),
    packedSize: packedOf(entry).length,
    size: contentOf(entry).length,
    extra: NOTHING,
    ...entry.both,
  }
}

/** The fields that both headers have, in their common order. */
function common(said: Required<Said>): Buffer {
  return Buffer.concat([
    uint16(20),
    uint16(said.flags),
    uint16(said.method),
    uint16(0),
    uint16(0x21),
    uint32(said.crc),
    uint32(said.packedSize),
    uint32(said.size),
    uint16(said.name.length),
    uint16(said.extra.length),
  ])
}

function localHeader(entry: Crafted): Buffer {
  const unknown = entry.descriptor ? { crc: 0, packedSize: 0, size: 0 } : {}
  const said = { ...truth(entry), ...unknown, ...entry.local }
  return Buffer.concat([Buffer.from('PK\x03\x04'), common(said), said.name, said.extra])
}

function descriptorOf(entry: Crafted): Buffer {
  if (entry.descriptor === undefined) return NOTHING
  if (Buffer.isBuffer(entry.descriptor)) return entry.descriptor
  const { crc, packedSize, size } = truth(entry)
  const wide = entry.descriptor === 'wide'
  const sizes = [packedSize, size].map((number) => (wide ? uint64(BigInt(number)) : uint32(number)))
  const signature = entry.descriptor === 'unsigned' ? NOTHING : Buffer.from('PK\x07\x08')
  return Buffer.concat([signature, uint32(crc), ...sizes])
}

function centralRecord(entry: Crafted, offset: number): Buffer {
  const said = { ...truth(entry), ...entry.central }
  const system = entry.system ?? (entry.mode === undefined ? 0 : 3)
  const comment = Buffer.from(entry.central?.comment ?? '')
  const attributes = entry.attributes ?? ((entry.mode ?? 0) << 16) >>> 0
  return Buffer.concat([
    Buffer.from('PK\x01\x02'),
    Buffer.from([63, system]),
    common(said),
    uint16(comment.length),
    uint16(entry.central?.disk ?? 0),
    uint16(0),
    uint32(attributes),
    uint32(entry.central?.offset ?? offset),
    said.name,
    said.extra,
    comment,
  ])
}

function zip64End(
  count: number,
  size: number,
  offset: number,
  at: number,
  said: NonNullable<CraftedEnd['zip64']>,
): Buffer {
  return Buffer.concat([
    Buffer.from('PK\x06\x06'),
    uint64(said.length ?? 44n),
    uint16(45),
    uint16(45),
    uint32(0),
    uint32(0),
    uint64(said.count ?? BigInt(count)),
    uint64(said.count ?? BigInt(count)),
    uint64(said.size ?? BigInt(size)),
    uint64(said.offset ?? BigInt(offset)),
    Buffer.from('PK\x06\x07'),
    uint32(0),
    uint64(said.recordAt ?? BigInt(at)),
    uint32(1),
  ])
}

function endRecord(count: number, size: number, offset: number, end: CraftedEnd): Buffer {
  const comment = Buffer.from(end.comment ?? '')
  return Buffer.concat([
    Buffer.from('PK\x05\x06'),
    uint16(end.disk ?? 0),
    uint16(end.disk ?? 0),
    uint16(end.count ?? count),
    uint16(end.count ?? count),
    uint32(end.size ?? size),
    uint32(end.offset ?? offset),
    uint16(comment.length),
    comment,
  ])
}

function uint16(value: number): Buffer {
  return Buffer.from([value & 0xff, value >>> 8])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}
