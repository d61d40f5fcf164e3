import { hookRequestSchema } from '@packline/shared'
import { afterAll, expect, test } from 'vitest'
import { MANIFEST, makeExpanding, TENANT as tenant } from '../test/expanding.ts'

const expanding = await makeExpanding()
const { records, repository, accepted, workedOff, resultOf } = expanding
afterAll(expanding.remove)

const REPOSITORY = 'https://git.example/acme/functions.git'

let number = 0

/** A push of a commit for a hook, worked off; and what came of it. */
async function delivered(url: string, after: string, hook: string, manifest = 'packline.yaml') {
  number += 1
  const { id } = await accepted({
    kind: 'delivery',
    hook,
    delivery: `d${number}`,
    number,
    ref: 'refs/heads/main',
    created: true,
    after,
    // Never where the token goes to.
    source: { url },
    functions: { manifest },
  })
  await workedOff(id)
  return { id, builds: (await resultOf(id))?.builds ?? [] }
}

/** The builds of a push for a hook, and what is told of the first. */
async function pushed(name: string, hook: string) {
  const { url, first } = await repository(name)
  const [build] = (await delivered(url, first, hook)).builds
  const items = await records.notices.list(tenant, { build: build?.build ?? '' })
  return { commit: first, build: build?.build ?? '', items }
}

const hook = async (more: object) => {
  const asked = { provider: 'gitea', repository: REPOSITORY, ...more }
  return (await records.hooks.create(tenant, hookRequestSchema.parse(asked))).id
}

test('builds of a push tell their commit, at the repository of the hook', async () => {
  const status = { provider: 'gitea', token: 'canary-token' }
  const id = await hook({ status })
  const { commit, build, items } = await pushed('told', id)
  expect(items).toMatchObject([{ kind: 'commit-status', state: 'pending' }])
  expect(await records.get(tenant, build)).toMatchObject({
    push: { hook: id, delivery: expect.stringMatching(/^d\d$/), ref: 'refs/heads/main' },
  })
  const beginning = await records.notices.begin(`${build}-commit-status`)
  expect(beginning).toMatchObject({
    notice: {
      telling: { target: { hook: id, provider: 'gitea', repository: REPOSITORY, commit } },
    },
  })
  expect(JSON.stringify(beginning)).not.toContain('canary-token')
  expect(await records.hooks.accessOf(tenant, id)).toEqual(status)
})

test('where the hook has no token, or is gone, they tell nobody and are built', async () => {
  const none = await pushed('silent', await hook({}))
  expect([none.build !== '', none.items]).toEqual([true, []])
  const gone = await hook({ status: { provider: 'gitea', token: 'x' } })
  await records.hooks.remove(tenant, gone)
  const left = await pushed('gone', gone)
  expect([left.build !== '', left.items]).toEqual([true, []])
})

/** Context, state and words of what is told now of a push; undefined where nothing is. */
async function toldOf(notice: string) {
  const beginning = await records.notices.begin(notice)
  if (beginning.what !== 'due') return undefined
  const { telling } = beginning.notice
  return telling.kind === 'commit-status' ? telling : undefined
}

test('a push that can not be read fails its commit, until a later try reads it', async () => {
  const id = await hook({ status: { provider: 'gitea', token: 'x' } })
  const { url, first } = await repository('unread')
  const failed = await delivered(url, first, id, 'absent.yaml')
  expect(await toldOf(`${failed.id}-commit-status`)).toMatchObject({
    target: { hook: id, repository: REPOSITORY, commit: first },
    of: { state: 'failed', failure: { code: 'SOURCE_NOT_FOUND', blame: 'caller' } },
  })
  const read = await delivered(url, first, id)
  expect(await toldOf(`${read.id}-commit-status`)).toMatchObject({ of: { state: 'succeeded' } })
  expect(await toldOf(`${failed.id}-commit-status`)).toBeUndefined()
  // Where nothing was wrong the builds alone tell.
  const again = await repository('read')
  const well = await delivered(again.url, again.first, id)
  expect([well.builds.length, await toldOf(`${well.id}-commit-status`)]).toEqual([2, undefined])
})

test('a function that is not right fails at its commit, beside those that are built', async () => {
  const id = await hook({ status: { provider: 'gitea', token: 'x' } })
  const wrong = MANIFEST.replace('handler: index.handler, path: two', 'path: two, version: "99"')
  const { url, first } = await repository('unfit', wrong)
  const push = await delivered(url, first, id)
  expect(push.builds).toMatchObject([{ function: 'one' }])
  expect(await toldOf(`${push.id}-commit-status-two`)).toMatchObject({
    target: { commit: first },
    of: { function: 'two', state: 'failed', failure: { code: 'UNKNOWN_VERSION' } },
  })
  expect(await toldOf(`${push.id}-commit-status`)).toBeUndefined()
})

test('a push of a hook without a token fails and tells nobody', async () => {
  const { url, first } = await repository('mute')
  const push = await delivered(url, first, await hook({}), 'absent.yaml')
  expect(await toldOf(`${push.id}-commit-status`)).toBeUndefined()
})
