import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { makeRecords } from './make-records.ts'
import type { ArchiveStore } from './records.ts'
import { finishedBuild, type Given } from './test-finished.ts'
import { makeTestInstallation, newBuild } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues, prefix, store } = installation
afterAll(installation.remove)
afterEach(async () => {
  await redis.del(keys.archive, keys.archiveLock)
})

const finished = (...given: Given) => finishedBuild(records, ...given)

/** As an hour later: events and log have expired. */
async function anHourLater(id: string) {
  expect(await redis.pttl(keys.events(id))).toBeGreaterThan(3_500_000)
  await redis.del(keys.events(id), keys.log(id))
}

function readBytes(key: string) {
  return store.get(key, AbortSignal.timeout(1000))
}

describe('the schema of a record', () => {
  test('goes into the archive as it is', async () => {
    const id = await finished()
    await installation.writtenWith(0, id)
    await records.archive()
    const segment = (await redis.hget(keys.build(id), 'archivedIn')) ?? ''
    const line = gunzipSync((await readBytes(segment)) ?? '').toString()
    expect(JSON.parse(line)).toMatchObject({ id, schema: 0, record: { schema: 0 } })
  })

  test('that is newer than the reader is refused, not guessed at', async () => {
    const id = await finished()
    await installation.writtenWith(7, id)
    await records.archive()
    await anHourLater(id)
    await expect(records.request('acme', id)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('with schema 7; this Packline reads 1'),
      hint: expect.stringContaining('Update'),
    })
  })
})

describe('an archive that can not be read', () => {
  test('is a failure of the platform that names the object', async () => {
    const id = await finished()
    await records.archive()
    await anHourLater(id)
    const away: ArchiveStore = { ...store, get: () => Promise.reject(new Error('refused')) }
    const others = makeRecords({ redis, prefix, queues, store: away })
    await expect(others.events('acme', id)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('builds/acme/'),
      cause: { message: 'refused' },
    })
    expect((await others.get('acme', id)).state).toBe('succeeded')
  })

  test('because its object was cut, says so', async () => {
    const id = await finished()
    await records.archive()
    const [segment = ''] = await redis.hmget(keys.build(id), 'archivedIn')
    const bytes = (await readBytes(segment ?? '')) ?? Buffer.alloc(0)
    await store.put(segment ?? '', bytes.subarray(0, 40), AbortSignal.timeout(1000))
    await expect(installation.anotherProcess().report('acme', id)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
  })
})

test('a build without a report says so', async () => {
  const { ids } = await records.accept([newBuild()], { tenant: 'acme' })
  await expect(records.report('acme', ids[0] ?? '')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('queued'),
  })
})
