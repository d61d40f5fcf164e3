import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archiveStore } from './archive-store.ts'
import { folderStore } from './folder-store.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-archive-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('archiveStore', () => {
  it('keeps whole small objects, also a part of a larger array, and knows missing ones', async () => {
    const store = folderStore({ folder: join(folder, 'store') })
    await store.prepare()
    const { signal } = new AbortController()
    const archive = archiveStore(store)
    const part = Uint8Array.from([0, 1, 2, 3, 4]).subarray(1, 4)
    await archive.put('builds/acme/day/1', part, signal)
    const found = await archive.get('builds/acme/day/1', signal)
    expect([...(found ?? [])]).toEqual([1, 2, 3])
    expect(await archive.get('builds/acme/day/2', signal)).toBeUndefined()
  })
})
