import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  begunExpansion,
  newDelivery,
  newManifest,
  resultOf,
} from '../expansions/test-expansions.ts'
import { makeTestInstallation, newBuild, type TestInstallation } from '../test-installation.ts'
import { NOTIFY_QUEUE } from './notices.ts'
import { CALLBACK_URL, CANARY, dueOf, ended, TARGET } from './test-notices.ts'

let installation: TestInstallation
beforeAll(async () => {
  installation = await makeTestInstallation()
})
afterAll(() => installation.remove())

const tenant = 'acme'
const callback = { url: CALLBACK_URL, secret: CANARY }

describe('a batch that a manifest makes', () => {
  test('is told of, and of each of its builds, when all are made and have ended', async () => {
    const { records } = installation
    const { id, batch = '' } = await records.expansions.accept(newManifest(), { tenant, callback })
    const expansion = await begunExpansion(records, id)
    const made = await records.expansions.build(expansion, [newBuild('one'), newBuild('two')])
    if (typeof made === 'string') throw new Error(made)
    const ids = made.builds.map(({ build }) => build)
    for (const build of ids) await ended(installation, build)
    // Its builds have ended, but more may come.
    expect(await records.notices.list(tenant, { batch })).toEqual([])
    await records.expansions.finish(id, expansion.attempt, {
      state: 'succeeded',
      result: resultOf(),
    })
    expect(await records.notices.list(tenant, { batch })).toHaveLength(1)
    expect(await installation.queues.get(NOTIFY_QUEUE).getJob(`${batch}-callback`)).toBeDefined()
    for (const owner of [...ids, batch]) {
      const { telling } = await dueOf(installation, `${owner}-callback`)
      expect(telling.kind === 'callback' && [telling.url, telling.open().secret]).toEqual([
        CALLBACK_URL,
        CANARY,
      ])
    }
    const view = await records.get(tenant, ids[0] ?? '')
    expect(view.request?.callback).toEqual({ url: CALLBACK_URL })
  })

  test('is told only of the whole where that was asked for, also when it is cancelled', async () => {
    const { records } = installation
    const events: ['batch.finished'] = ['batch.finished']
    const { id, batch = '' } = await records.expansions.accept(newManifest(), {
      tenant,
      callback: { ...callback, events },
    })
    const expansion = await begunExpansion(records, id)
    const made = await records.expansions.build(expansion, [newBuild('one')])
    await records.cancelBatch(tenant, batch, 'asked for')
    const [build] = typeof made === 'string' ? [] : made.builds
    expect(await records.notices.list(tenant, { build: build?.build ?? '' })).toEqual([])
    expect(await records.notices.list(tenant, { batch })).toMatchObject([{ state: 'pending' }])
  })
})

test('a build that a newer push supersedes tells its commit so, at once', async () => {
  const { records, queues } = installation
  const accepted = async (number: number, commit: string) => {
    const { id } = await records.expansions.accept(newDelivery('h', number), { tenant })
    const status = { ...TARGET, commit: commit.repeat(40) }
    const expansion = await begunExpansion(records, id)
    const made = await records.expansions.build(expansion, [newBuild('f', { status })])
    if (typeof made === 'string') throw new Error(made)
    return made.builds[0]?.build ?? ''
  }
  const older = await accepted(1, '1')
  await queues.remove(NOTIFY_QUEUE, `${older}-commit-status`)
  const newer = await accepted(2, '2')
  expect(await queues.get(NOTIFY_QUEUE).getJob(`${older}-commit-status`)).toBeDefined()
  const { telling } = await dueOf(installation, `${older}-commit-status`)
  expect(telling).toMatchObject({ of: { state: 'cancelled', cancelReason: 'superseded' } })
  expect((await dueOf(installation, `${newer}-commit-status`)).telling).toMatchObject({
    of: { state: 'queued' },
  })
})
