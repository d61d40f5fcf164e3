import { gzipSync } from 'node:zlib'
import { PacklineError } from '@packline/shared'
import fc from 'fast-check'
import { extract } from 'tar-stream'
import { expect, test } from 'vitest'
import { unpacksInside } from '../test/inside.ts'
import { mutatedTars, TAR_SEED } from '../test/mutate-tar.ts'
import { limits } from '../test/refuses.ts'
import { asGateReads } from '../test/tar-as-read.ts'
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

/** As `asGateReads`, by tar-stream, which knows none of the gate's rules. */
async function asPeerReads(tar: Buffer): Promise<Record<string, string>> {
  const read: Record<string, string> = {}
  const entries = extract({ allowUnknownFormat: true } as object)
  entries.end(tar)
  for await (const entry of entries) {
    const { name, type, linkname } = entry.header
    const path = plain(name)
    const bytes = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Buffer>))
    const targets: Record<string, string> = { link: plain(linkname ?? ''), symlink: linkname ?? '' }
    // It takes a folder of old makers for a file, unlike GNU tar.
    const kind = type === 'file' && name.endsWith('/') ? 'folder' : PEER_KINDS[type ?? '']
    if (path !== '' && path !== '.')
      read[path] = `${kind} ${targets[type ?? ''] ?? bytes.toString('latin1')}`
  }
  return read
}

function plain(name: string): string {
  return name.replace(/^(\.\/)+/, '').replace(/\/$/, '')
}

const PEER_KINDS: Record<string, string> = {
  file: 'file',
  'contiguous-file': 'file',
  link: 'file',
  symlink: 'link',
  directory: 'folder',
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

test('what of a mutated tar is accepted, another reader reads the same', async () => {
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(mutatedTars, async (tar) => {
      const ours = await asGateReads(tar).catch(() => undefined)
      if (!ours) return
      // It stumbles over an empty header for all entries.
      const theirs = await asPeerReads(tar).catch(() => undefined)
      if (!theirs) return
      accepted += 1
      expect(ours).toEqual(theirs)
    }),
    { numRuns: 4 * RUNS },
  )
  expect(accepted).toBeGreaterThan(0)
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
