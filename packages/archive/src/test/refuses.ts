import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ArchiveLimits, openArchive } from '../archive.ts'
import type { ArchiveContent } from '../content.ts'
import { ArchiveRefusal, REFUSALS, type RefusalReason } from '../refusal.ts'
import { verifyArchive } from '../verify.ts'
import { type Crafted, type CraftedEnd, craftZip } from './craft-zip.ts'

/** Small enough that a test can go over each. */
export const limits: ArchiveLimits = {
  entriesMax: 1000,
  unpackedBytesMax: 1024 * 1024,
  ratioMax: 1100,
}

interface Expected extends CraftedEnd {
  /** The entry that the refusal must name. */
  entry?: string
}

type DeclareTest = (title: string, body: () => Promise<void>) => void

/** Declares a test: this archive is refused for this reason, from memory and from a file. */
export type Refuses = (
  reason: RefusalReason,
  title: string,
  entries: readonly Crafted[] | Buffer,
  expected?: Expected,
) => void

/** `refuses` by the test runner's own `test`, which only test files may import. */
export function refusesBy(test: DeclareTest): Refuses {
  return (reason, title, entries, { entry, ...end } = {}) =>
    test(`refuses ${title}: ${reason}`, async () => {
      const bytes = Buffer.isBuffer(entries) ? entries : craftZip(entries as Crafted[], end)
      const refusal = await refusalOf({ bytes })
      assert.equal(refusal.reason, reason)
      assert.equal(refusal.code, REFUSALS[reason])
      if (entry !== undefined) assert.equal(refusal.entry, entry)
      // What reaches a terminal or a log line carries no control character of the archive's maker.
      assert.doesNotMatch(refusal.message, /[\x00-\x1f\x7f-\x9f]/)
      const named = refusal.message.match(/"(?:[^"\\]|\\.)*"|\d+/g) ?? []
      const lacking = named.filter((part) => !refusal.zh?.detail.includes(part))
      assert.deepEqual(lacking, [], refusal.zh?.detail)
      await withFile(bytes, async (path) => {
        const fromFile = await refusalOf({ path })
        assert.equal(fromFile.message, refusal.message)
      })
    })
}

/** Both halves of the gate; answers the refusal, or throws when there is none. */
export async function refusalOf(content: ArchiveContent): Promise<ArchiveRefusal> {
  try {
    await passGate(content)
  } catch (error) {
    if (error instanceof ArchiveRefusal) return error
    throw error
  }
  throw new Error('The archive was accepted')
}

/** Opens, verifies and closes; answers the entries' paths. */
export async function passGate(content: ArchiveContent): Promise<string[]> {
  const archive = await openArchive(content, { limits })
  try {
    await verifyArchive(archive)
    return archive.entries.map(({ path }) => path)
  } finally {
    await archive.close()
  }
}

/** A file of these bytes in a folder of its own, removed afterwards. */
export async function withFile(bytes: Buffer, use: (path: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, 'a.zip')
    await writeFile(path, bytes)
    await use(path)
  })
}

/** An empty folder, removed afterwards. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'packline-archive-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
