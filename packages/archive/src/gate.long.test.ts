import { randomInt } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { PacklineError } from '@packline/shared'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { unpackTar } from './tar/unpack-tar.ts'
import { fuzzSeeds } from './test/fuzz-seeds.ts'
import { unpacksInside } from './test/inside.ts'
import { mutatedTars, TAR_SEED } from './test/mutate-tar.ts'
import { limits } from './test/refuses.ts'
import { unpackArchive } from './unpack.ts'
import { verifyArchive } from './verify.ts'

/** How long one run looks for trouble, and from where; docs/security.md says how to set them. */
const { PACKLINE_FUZZ_SECONDS = '60', PACKLINE_FUZZ_SEED, PACKLINE_FUZZ_ARCHIVES } = process.env
const SEARCH_MS = Number(PACKLINE_FUZZ_SECONDS) * 1000
const SEED = Number(PACKLINE_FUZZ_SEED ?? randomInt(2 ** 31))
const HANG_MS = 5000
const SEEDS = await fuzzSeeds(PACKLINE_FUZZ_ARCHIVES)

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

async function openVerifyUnpack(bytes: Buffer): Promise<void> {
  const archive = await openArchive({ bytes }, { limits })
  await verifyArchive(archive)
  await unpacksInside((folder) => unpackArchive(archive, folder))
}

const unpackTarGz = (tar: Buffer) =>
  unpacksInside((folder) => unpackTar({ bytes: gzipSync(tar) }, folder, { limits }))

/** Refused by name or accepted; anything else is a mistake of ours. */
async function judged(meeting: Promise<void>): Promise<'accepted' | 'refused'> {
  try {
    await meeting
    return 'accepted'
  } catch (error) {
    if (error instanceof PacklineError && error.code !== 'BUG') return 'refused'
    throw error
  }
}

const zips = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(change, { minLength: 1, maxLength: 6 }))
  .map(([seed, changes]) => changes.reduce(mutate, seed))

/** Half of the time for each format. */
test.each([
  ['ZIP', zips, openVerifyUnpack],
  ['tar.gz', mutatedTars, unpackTarGz],
] as const)(
  'no mutation of a good %s crashes the gate, makes it hang or gets out',
  async (format, mutations, meet) => {
    process.stdout.write(
      `fuzz: ${format}, ${SEARCH_MS / 2000} s, seed ${SEED}, ${SEEDS.length} ZIPs to start from\n`,
    )
    const counts = { accepted: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(mutations, async (bytes) => {
        const started = performance.now()
        counts[await judged(meet(bytes))] += 1
        expect(performance.now() - started).toBeLessThan(HANG_MS)
      }),
      {
        seed: SEED,
        numRuns: 1_000_000_000,
        interruptAfterTimeLimit: SEARCH_MS / 2,
        markInterruptAsFailure: false,
      },
    )
    process.stdout.write(`fuzz: ${counts.accepted} accepted, ${counts.refused} refused\n`)
    // Some changes meet times or modes, which mean nothing to the gate.
    expect(counts.accepted).toBeGreaterThan(0)
    expect(counts.refused).toBeGreaterThan(SEARCH_MS / 1000)
  },
  SEARCH_MS + 30_000,
)

test('every seed is an archive that the gate accepts', async () => {
  for (const seed of SEEDS) await openVerifyUnpack(seed)
  await unpackTarGz(TAR_SEED)
})
