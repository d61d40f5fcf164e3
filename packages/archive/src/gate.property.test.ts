import { buffer } from 'node:stream/consumers'
import { PacklineError } from '@packline/shared'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import yauzl from 'yauzl'
import { openArchive } from './archive.ts'
import { type PackageEntry, packageEntriesOf } from './package-entry.ts'
import { foldPath } from './path-register.ts'
import { unpacksInside } from './test/inside.ts'
import { limits, passGate } from './test/refuses.ts'
import { unpackArchive } from './unpack.ts'
import { type PackedFile, writeZip } from './write.ts'

/** A minute in CI is `long`; here as much as a check before every commit may take. */
const RUNS = 60

const part = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !/[/\\\x00-\x1f\x7f]/.test(text) && text !== '.' && text !== '..')
  .filter((text) => !/^[A-Za-z]:/.test(text) && text.isWellFormed())
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
const content = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.nat(200_000).map((length) => Buffer.alloc(length, 'abcdef')),
)
const entries = fc
  .array(fc.record({ path, content, executable: fc.boolean() }), { maxLength: 12 })
  .map((all) => all.filter(standsAlone))
  .map((all) => all.map(({ content, ...rest }) => toEntry(rest, Buffer.from(content))))

/** Paths that may stand beside each other: no two equal, none the folder of another. */
function standsAlone(entry: { path: string }, index: number, all: { path: string }[]): boolean {
  const mine = foldPath(entry.path)
  return all.every((other, at) => {
    const theirs = foldPath(other.path)
    if (at < index && theirs === mine) return false
    return !theirs.startsWith(`${mine}/`) || at === index
  })
}

function toEntry(rest: { path: string; executable: boolean }, content: Buffer): PackageEntry {
  return { ...rest, content, size: content.length }
}

const bytesOf = ({ content }: PackedFile) => ('bytes' in content ? content.bytes : Buffer.alloc(0))
const wide = { ...limits, unpackedBytesMax: 64 * 1024 * 1024 }

test('what is written passes the gate, reads back the same and writes the same again', async () => {
  await fc.assert(
    fc.asyncProperty(entries, fc.boolean(), async (all, jar) => {
      const packed = await writeZip(all, { memory: true }, { jar })
      const archive = await openArchive(packed.content, { limits: wide })
      const found = archive.entries.filter(({ kind }) => kind === 'file')
      expect(new Set(found.map((entry) => entry.path))).toEqual(new Set(all.map((e) => e.path)))
      for (const { path, executable, content } of all) {
        const entry = found.find((one) => one.path === path)
        expect(entry?.executable).toBe(executable)
        expect((await archive.read(path, 200_000)).equals(content as Buffer)).toBe(true)
      }
      const again = await writeZip(packageEntriesOf(archive), { memory: true }, { jar })
      expect(again.sha256).toBe(packed.sha256)
    }),
    { numRuns: RUNS },
  )
}, 60_000)

test('another reader finds in it what was put in', async () => {
  await fc.assert(
    fc.asyncProperty(entries, async (all) => {
      const packed = await writeZip(all, { memory: true })
      const zip = await yauzl.fromBufferPromise(bytesOf(packed), { strictFileNames: true })
      const found = new Map<string, string>()
      for await (const entry of zip.eachEntry()) {
        const stream = await zip.openReadStreamPromise(entry)
        found.set(entry.fileName, (await buffer(stream)).toString('hex'))
      }
      const expected = all.map(({ path, content }) => [path, (content as Buffer).toString('hex')])
      expect(found).toEqual(new Map(expected as [string, string][]))
    }),
    { numRuns: RUNS },
  )
}, 60_000)

/** Bytes set, removed, doubled: what a broken line or a patient attacker makes of an archive. */
const mutation = fc.record({
  kind: fc.constantFrom('set', 'cut', 'double'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 24 }),
  value: fc.nat(255),
})

function mutate(
  bytes: Buffer,
  change: { kind: string; at: number; length: number; value: number },
) {
  const at = change.at % Math.max(1, bytes.length)
  const end = Math.min(bytes.length, at + change.length)
  // Nothing is left to set where all was cut away before.
  if (change.kind === 'set') return Buffer.from(bytes).fill(change.value, at, Math.min(end, at + 1))
  if (change.kind === 'cut') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
}

test('a mutated archive is refused by name or unpacks inside its folder, never else', async () => {
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(entries, mutations, async (all, changes) => {
      const whole = bytesOf(await writeZip(all, { memory: true }))
      const bytes = changes.reduce(mutate, whole)
      try {
        await passGate({ bytes })
        const archive = await openArchive({ bytes }, { limits })
        await unpacksInside((folder) => unpackArchive(archive, folder))
      } catch (error) {
        // A refusal, told apart from a mistake of ours.
        expect(error).toBeInstanceOf(PacklineError)
        expect(error).not.toMatchObject({ code: 'BUG' })
      }
    }),
    { numRuns: RUNS * 4 },
  )
}, 60_000)
