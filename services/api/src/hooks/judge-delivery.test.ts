import type { OpenHook } from '@packline/records'
import { type HookRequestInput, hookRequestSchema } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { AFTER, BEFORE, REPOSITORY } from '../test/payloads.ts'
import { judgeDelivery } from './judge-delivery.ts'
import type { Told } from './provider.ts'

const hook = (more: Partial<HookRequestInput> = {}) =>
  ({
    tenant: 'acme',
    id: 'h1',
    ...hookRequestSchema.parse({ provider: 'github', repository: REPOSITORY, ...more }),
  }) as unknown as OpenHook

const told = (more: Partial<Told> = {}): Told => ({
  event: 'push',
  ref: 'refs/heads/main',
  before: BEFORE,
  after: AFTER,
  repositories: [REPOSITORY],
  ...more,
})

const outcome = (more: Partial<HookRequestInput>, ref: string) =>
  judgeDelivery(hook(more), told({ ref })).outcome

test('what builds nothing says why in both languages', () => {
  const judged = judgeDelivery(hook({ branches: ['main'] }), told({ ref: 'refs/heads/v1.2' }))
  expect(judged).toMatchObject({
    reason: 'the hook is not for the branch v1.2',
    zh: { reason: 'webhook 不针对分支 v1.2' },
  })
  expect(judgeDelivery(hook(), told()).zh).toBeUndefined()
})

describe('a push', () => {
  test.each<[Partial<HookRequestInput>, string, string]>([
    [{}, 'refs/heads/main', 'accepted'],
    [{}, 'refs/heads/a/b/c', 'accepted'],
    [{}, 'refs/tags/v1', 'ignored'],
    [{ branches: ['main'] }, 'refs/heads/main', 'accepted'],
    [{ branches: ['main'] }, 'refs/heads/mainline', 'ignored'],
    [{ branches: ['release/*'] }, 'refs/heads/release/1', 'accepted'],
    [{ branches: ['release/*'] }, 'refs/heads/release/1/a', 'ignored'],
    [{ branches: ['release/**'] }, 'refs/heads/release/1/a', 'accepted'],
    [{ branches: ['main'] }, 'refs/tags/main', 'ignored'],
    [{ tags: ['v*'] }, 'refs/tags/v1.2', 'accepted'],
    [{ tags: ['v*'] }, 'refs/heads/v1.2', 'ignored'],
    [{ tags: ['v*'], branches: ['main'] }, 'refs/heads/main', 'accepted'],
    [{ branches: [] }, 'refs/heads/main', 'ignored'],
    [{ active: false }, 'refs/heads/main', 'ignored'],
  ])('with %j of %s is %s', (more, ref, expected) => {
    expect(outcome(more, ref)).toBe(expected)
  })

  test.each([
    'main',
    'refs/heads/',
    'refs/pull/1/head',
    'refs/heads/a b',
    'refs/heads/a..b',
    'refs/heads/a//b',
    'refs/heads/a\nb',
    'refs/heads/a\u0000',
    'refs/heads/a^b',
    `refs/heads/${'a'.repeat(245)}`,
    '',
  ])('of the ref %j is refused', (ref) => {
    const judged = judgeDelivery(hook(), told({ ref }))
    expect(judged).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/^its ref is/),
    })
    expect(judged.push).toBeUndefined()
  })

  test.each([{ before: 'x' }, { after: 'A'.repeat(40) }, { after: '-'.repeat(40) }])(
    'with %j is refused',
    (commits) => {
      expect(judgeDelivery(hook(), told(commits)).outcome).toBe('refused')
    },
  )

  test('of another repository is refused, saying which', () => {
    const judged = judgeDelivery(hook(), told({ repositories: ['https://git.example/b.git'] }))
    expect(judged.reason).toMatch(
      /is of https:\/\/git.example\/b.git.*git.example\/team\/functions$/,
    )
    expect(judgeDelivery(hook(), told({ repositories: [] })).outcome).toBe('refused')
  })

  test('is one of the hook’s however the address is written', () => {
    for (const address of [
      'https://git.example/team/functions',
      'https://user@GIT.example/team/functions.git/',
      'git@git.example:team/functions.git',
      'ssh://git@git.example:2222/team/functions.git',
    ]) {
      expect(judgeDelivery(hook(), told({ repositories: [address] })).outcome).toBe('accepted')
    }
  })
})
