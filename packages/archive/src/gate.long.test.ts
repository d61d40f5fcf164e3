import { PacklineError } from '@packline/shared'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { type Crafted, craftZip, unicodePathField, zip64Field } from './test/craft-zip.ts'
import { limits, withFolder } from './test/refuses.ts'
import { unpackArchive } from './unpack.ts'
import { verifyArchive } from './verify.ts'

/** How long one run looks for trouble; fast-check prints the seed of what it finds. */
const SEARCH_MS = 60_000
const HANG_MS = 5000

/** One of everything that the gate accepts, so that mutations start near every branch. */
const SEEDS: Buffer[] = [
  craftZip([{ name: 'a.txt', content: 'hello' }, { name: 'd/' }, { name: 'd/b', content: 'x' }]),
  craftZip([{ name: 'a', content: 'x'.repeat(5000), descriptor: 'signed' }, { name: 'b' }]),
  craftZip([
    { name: 'l', content: 'd/f', mode: 0o120777 },
    { name: 'd/f', mode: 0o100755 },
  ]),
  craftZip([{ name: 'a', content: 'x' }], { zip64: {}, count: 0xffff, comment: 'a comment' }),
  craftZip([zip64Entry()], { zip64: {}, size: 0xffffffff, offset: 0xffffffff }),
  craftZip([unicodeEntry(), { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0' }]),
]

function zip64Entry(): Crafted {
  const sizes = { size: 0xffffffff, packedSize: 0xffffffff, extra: zip64Field(5, 5) }
  return { name: 'z', content: 'hello', method: 0, both: sizes }
}

function unicodeEntry(): Crafted {
  const name = Buffer.from([0x82])
  return { name, content: 'x', both: { extra: unicodePathField(name, 'é') } }
}

const change = fc.record({
  kind: fc.constantFrom('byte', 'word', 'cut', 'double', 'splice'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 40 }),
  value: fc.constantFrom(0, 1, 2, 8, 0x2f, 0x2e, 0x50, 0x7f, 0x80, 0xff),
})

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

function mutate(bytes: Buffer, { kind, at: anywhere, length, value }: Change): Buffer {
  const at = anywhere % Math.max(1, bytes.length)
  const end = Math.min(bytes.length, at + length)
  const before = bytes.subarray(0, at)
  if (kind === 'byte') return Buffer.from(bytes).fill(value, at, Math.min(end, at + 1))
  if (kind === 'word') return Buffer.from(bytes).fill(value, at, Math.min(at + 4, bytes.length))
  if (kind === 'cut') return Buffer.concat([before, bytes.subarray(end)])
  if (kind === 'double') return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
  const other = SEEDS[value % SEEDS.length] ?? bytes
  return Buffer.concat([before, other.subarray(at % other.length, end), bytes.subarray(at)])
}

async function openVerifyUnpack(bytes: Buffer): Promise<'accepted' | 'refused'> {
  try {
    const archive = await openArchive({ bytes }, { limits })
    await verifyArchive(archive)
    await withFolder((folder) => unpackArchive(archive, folder))
    return 'accepted'
  } catch (error) {
    if (error instanceof PacklineError && error.code !== 'BUG') return 'refused'
    throw error
  }
}

test(
  'no mutation of good archives crashes the gate, makes it hang or gets out',
  async () => {
    const seeds = fc.constantFrom(...SEEDS)
    const changes = fc.array(change, { minLength: 1, maxLength: 6 })
    const counts = { accepted: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(seeds, changes, async (seed, all) => {
        const started = performance.now()
        counts[await openVerifyUnpack(all.reduce(mutate, seed))] += 1
        expect(performance.now() - started).toBeLessThan(HANG_MS)
      }),
      { numRuns: 10_000_000, interruptAfterTimeLimit: SEARCH_MS, markInterruptAsFailure: false },
    )
    // Some changes meet times or modes, which mean nothing to the gate.
    expect(counts.accepted).toBeGreaterThan(0)
    expect(counts.refused).toBeGreaterThan(1000)
  },
  SEARCH_MS + 30_000,
)

test('every seed is an archive that the gate accepts', async () => {
  for (const seed of SEEDS) expect(await openVerifyUnpack(seed)).toBe('accepted')
})
