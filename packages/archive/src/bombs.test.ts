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
/** The clock counts what other programs take of the machine as well: the best meeting is judged. */
const MEETINGS = 6

describe('a bomb is refused within a second and 64 MiB', () => {
  test.each(BOMBS)('$title: $reason', async ({ file, reason, make }) => {
    await withFolder(async (folder) => {
      const path = join(folder, file)
      await writeFile(path, await make())
      const times: number[] = []
      while (times.length < MEETINGS && !times.some((ms) => ms < MS_MAX)) {
        const argv = [MEET, path, join(folder, `out-${times.length}`)]
        const { said, ms, bytes } = JSON.parse((await run(process.execPath, argv)).stdout)
        expect(said).toBe(reason)
        // Memory is the process's own: no meeting may take more.
        expect(bytes).toBeLessThan(BYTES_MAX)
        times.push(ms)
      }
      expect(Math.min(...times), `${times}`).toBeLessThan(MS_MAX)
      for (const name of await readdir(folder)) {
        if (name.startsWith('out-')) expect(await readdir(join(folder, name))).toEqual([])
      }
    })
  })
})

test('the entries that quote each other are a bomb: each unpacks to what it says', () => {
  const bytes = quotedOverlap()
  const at = bytes.readUInt32LE(bytes.length - 22 + 16)
  const [crc, packed, size] = [16, 20, 24].map((field) => bytes.readUInt32LE(at + field))
  const content = inflateRawSync(bytes.subarray(37, 37 + (packed ?? 0)))
  expect(content).toHaveLength(size ?? 0)
  expect(crc32(content)).toBe(crc)
  expect(bytes.length * 1000).toBeLessThan(250 * content.length)
})
