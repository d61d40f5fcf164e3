import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { PackageEntry } from './package-entry.ts'
import { withFolder } from './test/refuses.ts'
import { writeZip } from './write.ts'

const FILES = 900
/** Does not compress, so that what is kept of a file is as large as the file. */
const CONTENT = randomBytes(64 * 1024)

setFlagsFromString('--expose_gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Bytes of buffers that something still holds; one collection leaves some to be swept later. */
async function liveBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    collectGarbage()
    await setImmediate()
  }
  return process.memoryUsage().arrayBuffers
}

test('holds a few megabytes while it writes any number of small files', async () => {
  const before = await liveBytes()
  let most = 0
  const entry = (index: number): PackageEntry => ({
    path: `folder/file-${index}.bin`,
    executable: false,
    size: CONTENT.length,
    content: {
      open: async () => {
        if (index % 250 === 249) most = Math.max(most, (await liveBytes()) - before)
        // Of its own memory, as a file's content would be.
        return Readable.from([Buffer.from(CONTENT)], { objectMode: false })
      },
    },
  })
  await withFolder(async (folder) => {
    const entries = Array.from({ length: FILES }, (_, index) => entry(index))
    const packed = await writeZip(entries, { path: join(folder, 'out.zip') }, { level: 1 })
    expect(packed.unpackedSize).toBe(FILES * CONTENT.length)
  })
  expect(most).toBeGreaterThan(0)
  // All contents together are 56 MiB.
  expect(most).toBeLessThan(16 * 1024 * 1024)
})
