import { chmodSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { findRecords, findSandbox, findStore } from './find-services.ts'

function find(environment: NodeJS.ProcessEnv) {
  const said: string[] = []
  const local = temporaryFolder()
  // Else root would unpack into the machine's own folder, where something may lie.
  chmodSync(local, 0o755)
  const nowhere = { PATH: join(local, 'empty'), HOME: local, XDG_CACHE_HOME: local }
  return {
    said,
    local,
    options: {
      local,
      environment: { ...nowhere, ...environment },
      say: (text: string) => void said.push(text),
      signal: AbortSignal.timeout(20_000),
    },
  }
}

/** A port of this machine that nobody answers on. */
async function silentPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

describe('findRecords', () => {
  test('a URL that was given has to answer: no other Redis takes its place', async () => {
    const port = await silentPort()
    const { options } = find({
      PATH: process.env.PATH,
      PACKLINE_REDIS_URL: `redis://127.0.0.1:${port}`,
    })
    await expect(findRecords(options)).rejects.toThrow(`127.0.0.1:${port} does not answer`)
  })

  test('where none is and none can be unpacked, one line says how to mend it', async () => {
    const { options, said } = find({})
    const missing = findRecords(options)
    await expect(missing).rejects.toMatchObject({
      code: 'RECORDS_UNAVAILABLE',
      hint: 'Install redis-server or valkey, or set PACKLINE_REDIS_URL=redis://host:6379.',
    })
    await expect(missing).rejects.toThrow(/^No Redis here \(on PATH: .*no apt-get.*\)\.$/)
    expect(said).toEqual([])
  })
})

describe('findStore', () => {
  test('is a folder below .local where no MinIO is at hand, and says how to get one', async () => {
    const { options, local } = find({})
    const store = await findStore({ ...options, buildMinio: false })
    expect(store.url).toBe(pathToFileURL(join(local, 'store')).href)
    expect(store.how).toBe(
      'a folder, .local/store (for a real MinIO, built once: npm start -- --minio)',
    )
    await store.stop()
  })

  test('says why a MinIO that is here did not start before a folder takes its place', async () => {
    const { options, local, said } = find({})
    await mkdir(join(local, 'empty'))
    const minio = join(local, 'empty/minio')
    await writeFile(minio, '#!/bin/sh\necho "ERROR the drive is broken" >&2\nexit 1\n', {
      mode: 0o755,
    })
    const store = await findStore({ ...options, buildMinio: false })
    expect(store.url).toBe(pathToFileURL(join(local, 'store')).href)
    expect(said).toEqual([
      'store    MinIO: on PATH: MinIO ended at once: ERROR the drive is broken',
    ])
  })

  test('is the folder that was given', async () => {
    const { options } = find({ PACKLINE_STORE_URL: 'file:///srv/store' })
    const store = await findStore({ ...options, buildMinio: false })
    expect(store).toMatchObject({ url: 'file:///srv/store', how: 'a folder given by URL' })
  })

  test('a URL that was given has to answer', async () => {
    const port = await silentPort()
    const { options } = find({ PACKLINE_STORE_URL: `s3+http://a:b@127.0.0.1:${port}/bucket` })
    await expect(findStore({ ...options, buildMinio: false })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
  })

  test('a MinIO that was asked for and can not be built is a failure that says why', async () => {
    const { options, said } = find({})
    const missing = findStore({ ...options, buildMinio: true })
    await expect(missing).rejects.toThrow('no Go here to build it with')
    expect(said.at(-1)).toMatch(/^store {4}MinIO: build: no Go here/)
  })
})

describe('findSandbox', () => {
  test('leaves the one that an earlier run has unpacked to the worker where its trial fails', async () => {
    const { options, local } = find({})
    const folder = join(local, 'debian')
    await mkdir(join(folder, 'bin'), { recursive: true })
    await writeFile(join(folder, 'bin/bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    const bwrap = join(folder, 'bin/bwrap')
    expect(await findSandbox(options)).toEqual({ bwrap, isProven: false })
  })

  test('leaves it to the worker where none can be found', async () => {
    const { options } = find({})
    expect(await findSandbox(options)).toEqual({ bwrap: undefined, isProven: false })
  })
})
