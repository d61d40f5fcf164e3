import { hash, randomUUID } from 'node:crypto'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderStore, type Store, storeFromUrl } from '../../packages/stores/src/index.ts'
import { storeConformance } from './store.ts'
import { type StoreServer, storeServer, testSetting } from './store-server.ts'

const folders: string[] = []
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'packline-store-'))
  folders.push(folder)
  return folder
}
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

storeConformance('folder', async () => folderStore({ folder: await newFolder() }))
storeConformance('minio', async () => storeFromUrl(testSetting('PACKLINE_TEST_STORE_URL')))

const bytes = Buffer.from('package')
const sha256 = hash('sha256', bytes)

/** Every call of a store whose server or folder is away, as one list of names and promises. */
function callsOf(store: Store): [string, () => Promise<unknown>][] {
  return [
    ['put', () => store.put(`away/${randomUUID()}`, { bytes }, { sha256 })],
    ['get', async () => (await store.get('away/a'))?.stream.destroy()],
    ['head', () => store.head('away/a')],
    ['list', () => listFirst(store)],
    ['remove', () => store.remove('away/a')],
    ['ping', () => store.ping()],
  ]
}

async function listFirst(store: Store): Promise<void> {
  for await (const _ of store.list('away/')) return
}

async function expectAway(store: Store, withinMs: number): Promise<void> {
  for (const [name, call] of callsOf(store)) {
    const startedAt = performance.now()
    await expect(call(), name).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(performance.now() - startedAt, `${name} in time`).toBeLessThan(withinMs)
  }
}

async function expectThere(store: Store): Promise<void> {
  await store.ping()
  await store.put('away/a', { bytes }, { sha256 })
  expect((await store.head('away/a'))?.size).toBe(bytes.length)
  for (const [name, call] of callsOf(store)) await expect(call(), name).resolves.not.toThrow()
}

describe('a folder that goes away and comes back', () => {
  it('is unavailable, not empty, and is used again', async () => {
    const folder = join(await newFolder(), 'store')
    const store = folderStore({ folder })
    await store.prepare()
    await expectThere(store)
    await rename(folder, `${folder}.away`)
    await expectAway(store, 2_000)
    await rename(`${folder}.away`, folder)
    await expectThere(store)
  })
})

describe('a MinIO that goes away and comes back', () => {
  let server: StoreServer
  let store: Store

  beforeAll(async () => {
    server = await storeServer()
    await server.start()
    store = storeFromUrl(server.url)
    await store.prepare()
  }, 30_000)

  afterAll(async () => {
    // Neither is there where the set-up failed, which then is the one thing to report.
    await store?.close()
    await server?.remove()
  })

  it('is unavailable within 2 s a call after a crash, and is used again', async () => {
    await expectThere(store)
    await server.kill()
    await expectAway(store, 2_000)
    await server.start()
    // It says that it is ready a moment before it answers for objects.
    const answers = () =>
      store.ping().then(
        () => true,
        () => false,
      )
    await expect.poll(answers, { timeout: 20_000 }).toBe(true)
    await expectThere(store)
  }, 60_000)

  it('ends a put that was retried across a short restart', async () => {
    const patient = storeFromUrl(server.url, { retries: { withinMs: 20_000 } })
    await server.kill()
    const key = `away/${randomUUID()}`
    const put = patient.put(key, { bytes }, { sha256 })
    await server.start()
    await put
    expect((await store.head(key))?.size).toBe(bytes.length)
    await patient.close()
  }, 60_000)

  it('is unavailable while it is frozen, by ping within 2 s, and is used again', async () => {
    const hasty = storeFromUrl(server.url, { timeoutMs: 800, retries: { withinMs: 500 } })
    await expectThere(hasty)
    server.freeze()
    try {
      await expectAway(hasty, 2_000)
      const startedAt = performance.now()
      await expect(store.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      expect(performance.now() - startedAt).toBeLessThan(2_000)
    } finally {
      server.thaw()
    }
    await expectThere(hasty)
    await hasty.close()
  }, 60_000)

  it('breaks a read off with STORE_UNAVAILABLE when it dies in the middle', async () => {
    const large = Buffer.alloc(64 * 1024 * 1024, 7)
    await store.put('away/large', { bytes: large }, { sha256: hash('sha256', large) })
    const found = await store.get('away/large')
    await server.kill()
    const reading = (async () => {
      for await (const _ of found?.stream ?? []);
    })()
    await expect(reading).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await server.start()
  }, 60_000)
})
