import { afterAll, describe, expect, test } from 'vitest'
import type { Queues } from './queues.ts'
import { makeTestInstallation, newBuild, newWorker, SUCCEEDED } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, queues, redis } = installation
afterAll(installation.remove)

async function accepted(tenant: string, count: number, window?: number): Promise<string[]> {
  const builds = Array.from({ length: count }, () => newBuild('bulk', { priority: 'bulk' }))
  return (await records.accept(builds, { tenant, window })).ids
}

async function withJobs(ids: string[]): Promise<string[]> {
  const jobs = await Promise.all(ids.map((id) => queues.get('nodejs').getJob(id)))
  return ids.filter((_, place) => jobs[place])
}

async function build(id: string, by = records): Promise<string[]> {
  await by.begin(id, 'w1')
  return (await by.finish(id, 1, SUCCEEDED)).released
}

describe("a tenant's window", () => {
  test('holds bulk builds beyond it back, in order, and not those of others', async () => {
    const mine = await accepted('mine', 10, 4)
    const theirs = await accepted('theirs', 3)
    expect(await withJobs(mine)).toEqual(mine.slice(0, 4))
    expect(await withJobs(theirs)).toEqual(theirs)
  })

  test('does not hold interactive builds back', async () => {
    await accepted('busy', 10, 4)
    const { ids } = await records.accept([newBuild('now')], { tenant: 'busy' })
    expect(await withJobs(ids)).toEqual(ids)
  })

  test('is not looked at any more once all that waited were cancelled', async () => {
    const ids = await accepted('gone', 6, 4)
    for (const id of ids.slice(4)) await records.cancel('gone', id, 'not wanted')
    expect(await redis.sismember(`${installation.prefix}:holding`, 'gone')).toBe(0)
  })

  test('takes as many interactive builds; those beyond it are bulk and wait their turn', async () => {
    const builds = Array.from({ length: 10 }, () => newBuild('flood'))
    const { ids } = await records.accept(builds, { tenant: 'flood', window: 4 })
    const views = await Promise.all(ids.map((id) => records.get('flood', id)))
    const asked = (priority: string) => views.filter((view) => view.priority === priority).length
    expect([asked('interactive'), asked('bulk')]).toEqual([4, 6])
    expect(await withJobs(ids)).toEqual(ids.slice(0, 8))
    const jobs = await Promise.all(ids.map((id) => queues.get('nodejs').getJob(id)))
    expect(jobs.map((job) => job?.opts.priority)).toEqual([
      ...[undefined, undefined, undefined, undefined],
      ...[10, 10, 10, 10],
      ...[undefined, undefined],
    ])
    await build(ids[0] ?? '')
    const [next = ''] = (await records.accept([newBuild('flood')], { tenant: 'flood' })).ids
    expect((await records.get('flood', next)).priority).toBe('interactive')
    for (const id of [...ids.slice(1), next]) await build(id)
    for (const kind of ['urgent', 'window', 'held']) {
      expect(await redis.exists(`${installation.prefix}:${kind}:flood`), kind).toBe(0)
    }
  })

  test('hands on as many as have ended, the oldest first', async () => {
    const ids = await accepted('orderly', 9, 4)
    const released: string[] = []
    for (const id of ids) {
      expect(await withJobs([id])).toEqual([id])
      released.push(...(await build(id)))
    }
    expect(released).toEqual(ids.slice(4))
  })

  test('counts a build handed back or begun twice as one', async () => {
    const ids = await accepted('twice', 5, 4)
    const [first = ''] = ids
    await records.begin(first, 'w1')
    await records.finish(first, 1, { state: 'queued', reason: 'retry', delayMs: 0 })
    await records.begin(first, 'w2')
    expect(await withJobs(ids)).toEqual(ids.slice(0, 4))
    expect((await records.finish(first, 2, SUCCEEDED)).released).toEqual(ids.slice(4))
  })

  test('never passes a waiting build by with a newer one', async () => {
    const early = await accepted('fair', 5, 4)
    const late = await accepted('fair', 1)
    const released = await build(early[0] ?? '')
    expect(released).toEqual(early.slice(4))
    expect(await withJobs(late)).toEqual([])
  })

  test('is handed on by the sweep when the process died before it added the jobs', async () => {
    const ids = await accepted('halfway', 6, 4)
    const crashing: Queues = { ...queues, add: () => Promise.reject(new Error('killed')) }
    await expect(build(ids[0] ?? '', installation.anotherProcess(crashing))).rejects.toThrow(
      'killed',
    )
    expect((await records.get('halfway', ids[0] ?? '')).state).toBe('succeeded')
    expect(await withJobs(ids.slice(4))).toEqual([])
    await installation.makeDue(...ids.slice(1))
    await records.sweep()
    expect(await withJobs(ids.slice(4))).toEqual(ids.slice(4))
  })

  test('grows with the farm: the sweep adds what there is room for', async () => {
    const ids = await accepted('growing', 110, 4)
    expect(await withJobs(ids)).toHaveLength(4)
    await records.beat(newWorker('small', { buildsMax: 4 }))
    await records.sweep()
    expect(await withJobs(ids)).toHaveLength(100)
    await records.beat(newWorker('large', { buildsMax: 60 }))
    await records.sweep()
    expect(await withJobs(ids)).toHaveLength(110)
  })
})
