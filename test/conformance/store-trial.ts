import { hash, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Store } from '../../packages/stores/src/index.ts'

export const MEBIBYTE = 1024 * 1024

/** A store under test, with short ways to use it; `tail` is a key below this run's prefix. */
export type StoreTrial = ReturnType<typeof storeTrial>

/** Makes the store before the tests of the surrounding `describe`, and tidies up after them. */
export function storeTrial(makeStore: () => Promise<Store>) {
  const prefix = `conformance/${randomUUID()}`
  let made: Store | undefined
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packline-conformance-'))
    made = await makeStore()
    await made.prepare()
  })
  afterAll(async () => {
    // Where no store could be made, that is the one thing to report.
    for await (const { key } of made?.list(`${prefix}/`) ?? []) await made?.remove(key)
    await made?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const store = () => {
    if (!made) throw new Error('The store was not made')
    return made
  }
  const keyOf = (tail: string) => `${prefix}/${tail}`
  return {
    store,
    /** A scratch folder outside of the store. */
    folder: () => folder,
    keyOf,
    putBytes: (tail: string, bytes: Buffer) =>
      store().put(keyOf(tail), { bytes }, { sha256: hash('sha256', bytes) }),
    async fileOf(bytes: Buffer): Promise<{ path: string; size: number }> {
      const path = join(folder, randomUUID())
      await writeFile(path, bytes)
      return { path, size: bytes.length }
    },
    async read(tail: string, range?: { start: number; end: number }) {
      const found = await store().get(keyOf(tail), { range })
      return found && readAll(found)
    },
    /** Sorted, as stores promise no order, and without this run's prefix. */
    async keysBelow(tail: string): Promise<string[]> {
      const keys: string[] = []
      for await (const object of store().list(keyOf(tail))) keys.push(object.key)
      return keys.map((key) => key.slice(prefix.length + 1)).sort()
    },
  }
}

/** All bytes of a stored object, which must be as many as were promised. */
export async function readAll(found: { size: number; stream: Readable }): Promise<Buffer> {
  const bytes = await buffer(found.stream)
  expect(bytes.length).toBe(found.size)
  return bytes
}

/** For large contents: printing their difference would take longer than all tests. */
export function isSame(found: Buffer | undefined, expected: Buffer): boolean {
  return found?.equals(expected) ?? false
}

/** Runs over all items, 32 at once: as many as a worker has under way. */
export async function inTurns<T>(items: T[], run: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (const item of rest) await run(item)
    }),
  )
}

/** Paths below a folder that this process holds open; known on Linux only. */
export async function openFilesIn(folder: string): Promise<string[]> {
  if (process.platform !== 'linux') return []
  const descriptors = await readdir('/proc/self/fd')
  const paths = await Promise.all(
    // A descriptor may be closed while we look.
    descriptors.map((descriptor) => readlink(`/proc/self/fd/${descriptor}`).catch(() => '')),
  )
  return paths.filter((path) => path.startsWith(folder))
}
