import { link, mkdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../../../test/harness/temporary-folder.ts'
import { measure } from './measure.ts'

const most = { bytes: 1e9, files: 1e6 }
const KIB = 1024

async function filled() {
  const folder = temporaryFolder()
  await mkdir(join(folder, 'a/b'), { recursive: true })
  await writeFile(join(folder, 'a/b/large'), Buffer.alloc(400 * KIB, 1))
  await link(join(folder, 'a/b/large'), join(folder, 'a/again'))
  await symlink('/usr', join(folder, 'a/elsewhere'))
  await writeFile(join(folder, 'sparse'), '')
  await truncate(join(folder, 'sparse'), 1e9)
  return folder
}

it('counts the space that files take, hard links once, and follows no link', async () => {
  const known = new Set<string>()
  const held = await measure(await filled(), { most, known })
  expect(held).toMatchObject({ files: 5, isWhole: true })
  expect(held.bytes).toBeGreaterThanOrEqual(400 * KIB)
  expect(held.bytes).toBeLessThan(500 * KIB)
})

it('counts only what was written since, whatever times files are given', async () => {
  const folder = await filled()
  await wait(20)
  const sinceMs = Date.now()
  await wait(20)
  await writeFile(join(folder, 'new'), Buffer.alloc(40 * KIB, 1))
  await utimes(join(folder, 'new'), 1, 1)
  const held = await measure(folder, { most, known: new Set(), sinceMs })
  expect(held.files).toBe(1)
  expect(held.bytes).toBeGreaterThanOrEqual(40 * KIB)
  expect(held.bytes).toBeLessThan(100 * KIB)
})

it('ends as soon as there is too much', async () => {
  const folder = temporaryFolder()
  for (let at = 0; at < 200; at++) await writeFile(join(folder, `${at}`), '')
  const held = await measure(folder, { most: { bytes: 1e9, files: 20 }, known: new Set() })
  expect(held.files).toBeGreaterThan(20)
  expect(held.files).toBeLessThanOrEqual(64)
})

it('counts a part where the whole would take long', async () => {
  const folder = await filled()
  const cut = await measure(folder, { most, known: new Set(), entriesMax: 4 })
  expect(cut.files).toBeGreaterThan(0)
  expect(cut.files).toBeLessThan(5)
  const whole = await measure(folder, { most, known: new Set(), entriesMax: 6 })
  expect(whole).toMatchObject({ files: 5 })
})

it('says that it could not see all, not that what is gone hid something', async () => {
  const folder = temporaryFolder()
  await writeFile(join(folder, 'file'), '')
  const asFolder = await measure(join(folder, 'file'), { most, known: new Set() })
  expect(asFolder.isWhole).toBe(false)
  const gone = await measure(join(folder, 'gone'), { most, known: new Set() })
  expect(gone).toEqual({ bytes: 0, files: 0, isWhole: true })
})
