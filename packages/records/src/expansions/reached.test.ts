import { type DeliveryExpansion, NO_COMMIT } from '@packline/shared'
import { afterAll, describe, expect, test } from 'vitest'
import { makeTestInstallation, newBuild } from '../test-installation.ts'
import { begunExpansion, expand, newDelivery, newManifest, resultOf } from './test-expansions.ts'

const installation = await makeTestInstallation()
const { records, redis, keys } = installation
const { expansions } = records
const tenant = 'acme'
afterAll(installation.remove)

const [FIRST, SECOND, THIRD] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)]
const FAILED = { state: 'failed', failure: { code: 'SOURCE_UNREACHABLE' } } as never

async function push(hook: string, number: number, more: Partial<DeliveryExpansion> = {}) {
  const spec = newDelivery(hook, number, { before: FIRST, ...more })
  const { id } = await expansions.accept(spec, { tenant })
  const begin = () => begunExpansion(records, id)
  /** Its repository is read at a commit; without one its ref is gone. */
  const succeed = async (commit?: string, behind?: true) => {
    const { attempt } = await begin()
    if (commit) await expansions.pin(id, attempt, commit)
    const result = { ...resultOf(), behind }
    return expansions.finish(id, attempt, { state: 'succeeded', result })
  }
  const fail = async () => expansions.finish(id, (await begin()).attempt, FAILED)
  return { id, begin, succeed, fail }
}

/** What the next push of the ref would begin at. */
const reached = async (hook: string, ref = 'refs/heads/main') =>
  (await (await push(hook, 99, { ref, before: THIRD })).begin()).reached

describe('pushes of a ref were worked off', () => {
  test('up to where the first one began that was received', async () => {
    await push('begins', 1)
    expect(await reached('begins')).toEqual({ number: 0, commit: FIRST })
    await push('new branch', 1, { before: NO_COMMIT, created: true })
    expect(await reached('new branch')).toEqual({ number: 0, commit: NO_COMMIT })
    expect(await redis.pttl(keys.pushes('begins', 'refs/heads/main'))).toBeGreaterThan(0)
    expect((await begunExpansion(records, await manifest())).reached).toBeUndefined()
  })

  test('up to the last one that succeeded, each ref by itself', async () => {
    await (await push('ends', 1)).succeed(SECOND)
    expect(await reached('ends')).toEqual({ number: 1, commit: SECOND })
    await (await push('ends', 1, { ref: 'refs/heads/other' })).succeed(THIRD)
    expect(await reached('ends')).toEqual({ number: 1, commit: SECOND })
    await (await push('ends', 2)).succeed()
    expect(await reached('ends')).toEqual({ number: 2, commit: NO_COMMIT })
  })

  test('no further by one that failed, was not ended, or came late', async () => {
    await (await push('stays', 1)).succeed(SECOND)
    await (await push('stays', 2)).fail()
    await (await push('stays', 3)).begin()
    await (await push('stays', 4)).succeed(THIRD, true)
    expect(await reached('stays')).toEqual({ number: 1, commit: SECOND })
  })

  test('not back to an older one that was worked off later', async () => {
    const older = await push('older', 1)
    await (await push('older', 2)).succeed(THIRD)
    await older.succeed(SECOND)
    expect(await reached('older')).toEqual({ number: 2, commit: THIRD })
  })
})

describe('a push that catches up on an older one', () => {
  test('is begun again where that was worked off meanwhile', async () => {
    const [older, newer] = [await push('moved', 1), await push('moved', 2)]
    const begun = await newer.begin()
    await older.succeed(SECOND)
    expect(await expansions.build(begun, [newBuild('A')])).toBe('moved')
    const again = await newer.begin()
    expect(again.reached).toEqual({ number: 1, commit: SECOND })
    expect((await expand(records, again, ['A'])).builds).toHaveLength(1)
  })

  test('is not where a newer one was: that has built what there was', async () => {
    const [older, newer] = [await push('newest', 1), await push('newest', 2)]
    const begun = await older.begin()
    await newer.succeed(THIRD)
    expect((await expand(records, begun, ['A'])).builds).toHaveLength(1)
  })
})

async function manifest(): Promise<string> {
  return (await expansions.accept(newManifest(), { tenant })).id
}
