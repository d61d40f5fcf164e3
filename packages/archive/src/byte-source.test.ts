import { randomBytes } from 'node:crypto'
import { truncate } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { type ByteSource, openSource } from './byte-source.ts'
import { withFile } from './test/refuses.ts'

const BYTES = randomBytes(700_000)

/** The same test over both kinds of source. */
function overBoth(title: string, body: (source: ByteSource) => Promise<void>): void {
  test(`${title}, from memory`, async () => body(await openSource({ bytes: BYTES })))
  test(`${title}, from a file`, () =>
    withFile(BYTES, async (path) => {
      const source = await openSource({ path })
      await body(source)
      await source.close()
    }))
}

overBoth('reads any range, near, far and back again', async (source) => {
  expect(source.size).toBe(BYTES.length)
  const ranges = [0, 30, 100_000, 261_000, 262_140, 262_150, 699_990, 5, 400_000]
  for (const position of ranges) {
    const read = await source.read(position, 10)
    expect(read.equals(BYTES.subarray(position, position + 10))).toBe(true)
  }
  const large = await source.read(1000, 600_000)
  expect(large.equals(BYTES.subarray(1000, 601_000))).toBe(true)
  expect(await source.read(700_000, 0)).toHaveLength(0)
})

overBoth('reads side by side without mixing up', async (source) => {
  const positions = Array.from({ length: 60 }, (_, index) => (index * 48_611) % 690_000)
  const read = await Promise.all(positions.map((position) => source.read(position, 200)))
  for (const [index, position] of positions.entries()) {
    expect(read[index]?.equals(BYTES.subarray(position, position + 200))).toBe(true)
  }
})

overBoth('keeps what it gave out as it was, whatever is read later', async (source) => {
  const first = await source.read(10, 20)
  await source.read(600_000, 20)
  await source.read(300_000, 300_000)
  expect(first.equals(BYTES.subarray(10, 30))).toBe(true)
})

overBoth('streams a range, an empty one too', async (source) => {
  const streamed = await buffer(source.stream(1, 650_001))
  expect(streamed.equals(BYTES.subarray(1, 650_001))).toBe(true)
  expect(await buffer(source.stream(7, 7))).toHaveLength(0)
})

overBoth('refuses a range past the end as cut', async (source) => {
  const read = async () => source.read(699_999, 2)
  await expect(read()).rejects.toMatchObject({ reason: 'cut', code: 'ARCHIVE_DAMAGED' })
})

test('refuses as cut a file that became shorter while it was open', async () => {
  await withFile(BYTES, async (path) => {
    const source = await openSource({ path })
    await truncate(path, 1000)
    const read = async () => source.read(900, 200)
    await expect(read()).rejects.toMatchObject({ reason: 'cut' })
    await source.close()
  })
})

test('may be closed twice', async () => {
  await withFile(BYTES, async (path) => {
    const source = await openSource({ path })
    await Promise.all([source.close(), source.close()])
  })
})
