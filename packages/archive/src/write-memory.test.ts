import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { PackageEntry } from './package-entry.ts'
import { withFolder } from './test/refuses.ts'
import { writeZip } from './write.ts'

const FILES = 1500
const FILE_BYTES = 48 * 1024

setFlagsFromString('--expose_gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Bytes of buffers that something still holds. */
function liveBytes(): number {
  collectGarbage()
  return process.memoryUsage().arrayBuffers
}

test('holds a few megabytes while it writes any number of small files', async () => {
  const before = liveBytes()
  let most = 0
  const entry = (index: number): PackageEntry => ({
    path: `folder/file-${index}.bin`,
    executable: false,
    size: FILE_BYTES,
    content: {
      open: async () => {
        if (index % 250 === 249) most = Math.max(most, liveBytes() - before)
        // Of its own memory, as a file's content would be.
        return Readable.from([Buffer.alloc(FILE_BYTES, index)], { objectMode: false })
      },
    },
  })
  await withFolder(async (folder) => {
    const entries = Array.from({ length: FILES }, (_, index) => entry(index))
    const packed = await writeZip(entries, { path: join(folder, 'out.zip') })
    expect(packed.unpackedSize).toBe(FILES * FILE_BYTES)
  })
  expect(most).toBeGreaterThan(0)
  // All contents together are 70 MiB.
  expect(most).toBeLessThan(16 * 1024 * 1024)
})
