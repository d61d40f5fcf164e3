import { execFile } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32, inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { BOMBS, quotedOverlap } from './test/bombs.ts'
import { withFolder } from './test/refuses.ts'

const run = promisify(execFile)
const MEET = join(import.meta.dirname, 'test/meet-bomb.ts')

const MS_MAX = 1000
const BYTES_MAX = 64 * 1024 * 1024
/** What other programs take of the machine is not the bomb's: its cheapest meeting counts. */
const MEETINGS = 6

describe('a bomb is refused within a second and 64 MiB', () => {
  test.each(BOMBS)('$title: $reason', async ({ file, reason, make }) => {
    await withFolder(async (folder) => {
      const path = join(folder, file)
      await writeFile(path, await make())
      const met: { ms: number; bytes: number }[] = []
      while (met.length < MEETINGS && !met.some(isCheap)) {
        const argv = [MEET, path, join(folder, `out-${met.length}`)]
        const { said, ...cost } = JSON.parse((await run(process.execPath, argv)).stdout)
        expect(said).toBe(reason)
        met.push(cost)
      }
      expect(met.filter(isCheap), JSON.stringify(met)).toHaveLength(1)
      for (const name of await readdir(folder)) {
        if (name.startsWith('out-')) expect(await readdir(join(folder, name))).toEqual([])
      }
    })
  })
})

function isCheap({ ms, bytes }: { ms: number; bytes: number }): boolean {
  return ms < MS_MAX && bytes < BYTES_MAX
}

test('the entries that quote each other are a bomb: each unpacks to what it says', () => {
  const bytes = quotedOverlap()
  const at = bytes.readUInt32LE(bytes.length - 22 + 16)
  const [crc, packed, size] = [16, 20, 24].map((field) => bytes.readUInt32LE(at + field))
  const content = inflateRawSync(bytes.subarray(37, 37 + (packed ?? 0)))
  expect(content).toHaveLength(size ?? 0)
  expect(crc32(content)).toBe(crc)
  expect(bytes.length * 1000).toBeLessThan(250 * content.length)
})
