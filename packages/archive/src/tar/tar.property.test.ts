import { gzipSync } from 'node:zlib'
import { PacklineError } from '@packline/shared'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unpacksInside } from '../test/inside.ts'
import { mutatedTars, TAR_SEED } from '../test/mutate-tar.ts'
import { limits } from '../test/refuses.ts'
import { unpackTar } from './unpack-tar.ts'

const RUNS = 150

/** Refused by name, or unpacked inside its folder; a mistake of ours is thrown. */
async function unpacks(bytes: Buffer): Promise<'accepted' | 'refused'> {
  try {
    await unpacksInside((folder) => unpackTar({ bytes }, folder, { limits }))
    return 'accepted'
  } catch (error) {
    if (error instanceof PacklineError && error.code !== 'BUG') return 'refused'
    throw error
  }
}

test('a mutated tar is refused by name or unpacks inside its folder, never else', async () => {
  const counts = { accepted: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(mutatedTars, async (tar) => {
      counts[await unpacks(gzipSync(tar))] += 1
    }),
    { numRuns: RUNS },
  )
  expect(counts.accepted).toBeGreaterThan(0)
  expect(counts.refused).toBeGreaterThan(10)
}, 60_000)

test('so is a mutated gzip file', async () => {
  const whole = gzipSync(TAR_SEED)
  const bytes = fc.record({ at: fc.nat(whole.length - 1), value: fc.nat(255), cut: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(bytes, async ({ at, value, cut }) => {
      const changed = Buffer.from(whole).fill(value, at, at + 1)
      await unpacks(cut ? changed.subarray(0, at) : changed)
    }),
    { numRuns: RUNS },
  )
}, 60_000)

test('the seed itself is accepted', async () => {
  expect(await unpacks(gzipSync(TAR_SEED))).toBe('accepted')
})
