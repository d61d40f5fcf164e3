import fc from 'fast-check'
import { block, craftTar, signTar, TAR_END } from './craft-tar.ts'

/** One of everything that is accepted, so that mutations start near every branch. */
export const TAR_SEED = Buffer.concat([
  await craftTar([
    { name: './', type: 'directory' },
    { name: 'a.txt', content: 'hello' },
    { name: 'd/', type: 'directory' },
    { name: 'd/b', content: 'x'.repeat(1500), mode: 0o755 },
    { name: 'link', type: 'symlink', linkname: 'd/b' },
    { name: 'same', type: 'link', linkname: 'a.txt' },
    { name: `${'long/'.repeat(30)}目录`, content: 'far', pax: { comment: 'a comment' } },
    block('g', '21 comment=by a test\n'),
    block('L', 'a/long/name\0'),
    block('K', 'a.txt\0'),
    { name: 'short', type: 'symlink', linkname: 'x', change: (header) => asGnu(header) },
    { name: 'large', content: 'abc', change: (header) => asBinary(header, 3) },
  ]),
  TAR_END,
])

const change = fc.record({
  kind: fc.constantFrom('byte', 'sign', 'cut', 'double', 'field', 'type', 'gnu'),
  at: fc.nat(TAR_SEED.length - 1),
  length: fc.integer({ min: 1, max: 600 }),
  value: fc.constantFrom(0, 1, ...Buffer.from('./01257KLNSgx'), 0x80, 0xff),
})
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

/** The seed with one to three changes. */
export const mutatedTars = fc
  .array(change, { minLength: 1, maxLength: 3 })
  .map((changes) => changes.reduce(mutate, TAR_SEED))

/** A header whose checksum is right again is read further than one that is only broken. */
function mutate(bytes: Buffer, { kind, at: anywhere, length, value }: Change): Buffer {
  const at = anywhere % Math.max(1, bytes.length)
  const end = Math.min(bytes.length, at + length)
  if (kind === 'cut') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
  if (kind === 'double') return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
  if (kind === 'type' || kind === 'gnu')
    return withHeader(
      bytes,
      at,
      kind === 'gnu' ? asGnu : (header) => header.fill(value, TYPE_AT, TYPE_AT + 1),
    )
  const changed = Buffer.from(bytes).fill(value, at, kind === 'byte' ? at + 1 : end)
  if (kind === 'field') changed.fill(value, at, Math.min(at + 4, bytes.length))
  if (kind === 'byte') return changed
  return withHeader(changed, at, () => {})
}

/** Changes the block that the offset lies in, and signs it as a header. */
function withHeader(bytes: Buffer, at: number, change: (header: Buffer) => void): Buffer {
  const changed = Buffer.from(bytes)
  const header = changed.subarray(at - (at % 512), at - (at % 512) + 512)
  if (header.length < 512) return changed
  change(header)
  signTar(header)
  return changed
}

const TYPE_AT = 156

function asGnu(header: Buffer): void {
  header.write('ustar  \0', 257, 'latin1')
}

/** The size in GNU's form for large ones. */
function asBinary(header: Buffer, size: number): void {
  header.fill(0, 124, 136)
  header.writeUInt8(0x80, 124)
  header.writeUInt32BE(size, 132)
}
