import fc from 'fast-check'
import { craftTar, signTar, TAR_END } from './craft-tar.ts'

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
  ]),
  TAR_END,
])

const change = fc.record({
  kind: fc.constantFrom('byte', 'sign', 'cut', 'double', 'field'),
  at: fc.nat(TAR_SEED.length - 1),
  length: fc.integer({ min: 1, max: 600 }),
  value: fc.constantFrom(0, 1, 0x2e, 0x2f, 0x30, 0x35, 0x37, 0x4c, 0x78, 0x80, 0xff),
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
  const changed = Buffer.from(bytes).fill(value, at, kind === 'byte' ? at + 1 : end)
  if (kind === 'field') changed.fill(value, at, Math.min(at + 4, bytes.length))
  if (kind === 'byte') return changed
  const header = changed.subarray(at - (at % 512), at - (at % 512) + 512)
  if (header.length === 512) signTar(header)
  return changed
}
