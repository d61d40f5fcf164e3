import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../../../test/harness/temporary-folder.ts'
import type { Bind } from '../command.ts'
import { type DiskFound, type DiskWatchOptions, watchDisk } from './watch-disk.ts'

const MIB = 1024 * 1024
const limits = { diskBytesMax: 20 * MIB, filesMax: 300 }

/** Watches folders while some work is done; what is found when it has ended. */
async function watched(
  binds: readonly Bind[],
  work: () => Promise<void>,
  more: Partial<DiskWatchOptions> = {},
) {
  const told: DiskFound[] = []
  const exceeded = (found: DiskFound) => told.push(found)
  const watch = watchDisk({ binds, limits, first: () => undefined, exceeded, ...more })
  await work()
  const found = await watch?.finish()
  expect(told).toEqual(found === undefined ? [] : [found])
  return found
}

const fill = async (folder: string, mib: number) => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${mib}`), Buffer.alloc(mib * MIB, 1))
}

it('finds space and files that are too much, also of a command that was over at once', async () => {
  const from = temporaryFolder()
  const binds = [{ from, to: '/build', writable: true }]
  expect(await watched(binds, () => fill(from, 12))).toBeUndefined()
  // What was there before belongs to the build, too.
  expect(await watched(binds, () => fill(from, 9))).toBe('disk space')
  const many = temporaryFolder()
  const makeMany = async () => {
    for (let at = 0; at <= limits.filesMax; at++) await writeFile(join(many, `${at}`), '')
  }
  expect(await watched([{ ...binds[0], from: many } as Bind], makeMany)).toBe('files')
})

it('counts of a folder that lasts what is written now, once where it lies in the build’s', async () => {
  const from = temporaryFolder()
  await fill(join(from, 'cache'), 30)
  const lasting = { from: join(from, 'cache'), to: '/cache', writable: true, lasting: true }
  // The file system's clock has to pass the moment that counts.
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await watched([lasting], () => fill(lasting.from, 12))).toBeUndefined()
  expect(await watched([lasting], () => fill(lasting.from, 21))).toBe('disk space')
  const build = temporaryFolder()
  const both: Bind[] = [
    { from: build, to: '/build', writable: true },
    { ...lasting, from: join(build, 'cache') },
  ]
  expect(await watched(both, () => fill(join(build, 'cache'), 12))).toBeUndefined()
})

it('watches nothing where nothing can be written', () => {
  const binds = [{ from: '/usr', to: '/usr' }]
  const none = watchDisk({ binds, limits, first: () => undefined, exceeded: () => undefined })
  expect(none).toBeUndefined()
})
