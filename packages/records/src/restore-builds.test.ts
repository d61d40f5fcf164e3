import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  makeTestInstallation,
  newBuild,
  newRequest,
  removeKeys,
  SUCCEEDED,
  type TestInstallation,
} from './test-installation.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

/** A batch of three with every end, and a build alone, all in the archive. */
async function archived() {
  const { records } = all
  const request = newRequest('labelled', { team: 'blue' })
  const push = { hook: 'h1', delivery: 'd1', ref: 'refs/heads/main' }
  const builds = [newBuild('one', { push }), newBuild('two', { sourceKey: 'inline/acme/1.json' })]
  const { ids, batch = '' } = await records.accept([...builds, newBuild('labelled', { request })], {
    tenant: 'acme',
    batch: {},
  })
  const [one = '', two = '', three = ''] = ids
  await records.begin(one, 'w1')
  await records.note(one, 1, { pin: { kind: 'inline', sha256: 'ab' }, log: ['a line'] })
  await records.finish(one, 1, SUCCEEDED)
  await records.begin(two, 'w2')
  const failure = { code: 'COMPILE_FAILED', title: 't', blame: 'caller', detail: 'd' } as const
  await records.finish(two, 1, { state: 'failed', failure, findings: 2 })
  await records.cancel('acme', three, 'not wanted')
  const retry = newBuild('two', { retryOf: two, priority: 'bulk' })
  const [four = ''] = (await records.accept([retry], { tenant: 'acme' })).ids
  await records.cancel('acme', four, 'only to end')
  while ((await records.archive()).left);
  return { ids: [...ids, four], batch }
}

async function everything(ids: string[], batch: string, records = all.records) {
  const {
    labels: _labels,
    createdAt: _createdAt,
    ...ofBatch
  } = await records.getBatch('acme', batch)
  return {
    builds: await Promise.all(ids.map((id) => records.get('acme', id))),
    events: await Promise.all(ids.map((id) => records.events('acme', id))),
    logs: await Promise.all(ids.map((id) => records.log('acme', id))),
    requests: await Promise.all(ids.map((id) => records.request('acme', id))),
    all: await records.list('acme', {}),
    failed: await records.list('acme', { state: 'failed' }),
    labelled: await records.list('acme', { label: { name: 'team', value: 'blue' } }),
    ofFunction: await records.list('acme', { function: 'two' }),
    ofBatch,
    listed: (await records.list('acme', { batch })).items.length,
  }
}

test('finished builds are found again from the store alone, as they were', async () => {
  const { ids, batch } = await archived()
  const before = await everything(ids, batch)
  expect(before.all.items).toHaveLength(4)
  await removeKeys(all.redis, all.prefix)
  expect(await all.records.restore()).toMatchObject({ segments: 1, builds: 4 })
  expect(await everything(ids, batch)).toEqual(before)
  await expect(all.records.get('other', ids[0] ?? '')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a second time finds nothing to do, and neither does one in between', async () => {
  const { ids, batch } = await archived()
  expect(await all.records.restore()).toMatchObject({ segments: 0, builds: 0 })
  await removeKeys(all.redis, all.prefix)
  const both = await Promise.all([all.records.restore(), all.anotherProcess().restore()])
  expect(both.reduce((sum, { builds }) => sum + builds, 0)).toBe(4)
  expect((await all.records.getBatch('acme', batch)).counts.total).toBe(3)
  expect(await all.redis.zcard(all.keys.index('acme', 'all'))).toBe(ids.length)
})

test('a build that an older Redis has as unfinished ends as it did, once', async () => {
  const [id = ''] = (
    await all.records.accept([newBuild('old', { priority: 'bulk' })], { tenant: 'acme' })
  ).ids
  const [record, events] = [all.keys.build(id), all.keys.events(id)]
  await all.records.begin(id, 'w1')
  const copies = await Promise.all([all.redis.dumpBuffer(record), all.redis.dumpBuffer(events)])
  await all.records.finish(id, 1, SUCCEEDED)
  while ((await all.records.archive()).left);
  const before = await all.records.get('acme', id)
  // As restored from a copy that was made while it ran.
  await all.redis.restore(record, 0, copies[0], 'REPLACE')
  await all.redis.restore(events, 0, copies[1], 'REPLACE')
  await all.redis.del(all.keys.segments)
  await all.redis.zrem(all.keys.index('acme', { state: 'succeeded' }), id)
  await all.redis.zadd(all.keys.index('acme', { state: 'running' }), 0, id)

  expect(await all.records.restore()).toMatchObject({ segments: 1, builds: 1 })
  const { request: _request, ...view } = await all.records.get('acme', id)
  expect(view).toEqual(before)
  expect((await all.records.events('acme', id)).at(-1)?.type).toBe('succeeded')
  expect(await all.records.begin(id, 'w2')).toEqual({ begun: false, because: 'terminal' })
  expect((await all.records.list('acme', { state: 'running' })).items).toEqual([])
})
