import { createRequire } from 'node:module'
import { HOOK_PROVIDERS, type HookProvider } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HookServer, startHookServer } from '../test/hook-server.ts'
import { AFTER, BEFORE, PAYLOADS, REPOSITORY, SECRET, signed } from '../test/payloads.ts'
import type { Provider } from './provider.ts'
import { PROVIDERS } from './providers/registry.ts'

const examples = createRequire(import.meta.url)(
  '@octokit/webhooks-examples/api.github.com/index.json',
) as { name: string; examples: Record<string, unknown>[] }[]

let server: HookServer
beforeAll(async () => {
  server = await startHookServer()
})
afterAll(() => server.close())

/** What a provider reads from headers and payload. */
function read(provider: HookProvider, payload: object, headers: Record<string, string> = {}) {
  const sent = signed(provider, payload)
  const all: Record<string, string> = { ...sent.headers, ...headers }
  const received = { header: (name: string) => all[name], body: sent.body, receivedAt: new Date() }
  return (PROVIDERS[provider] as Provider).read(received, payload as never)
}

describe.each(HOOK_PROVIDERS)('a push of %s', (provider) => {
  test('is taken in with its ref and commits, in under a second', async () => {
    const hook = await server.hook({ provider })
    const { status, body } = await server.send(hook, signed(provider))
    expect([status, body.outcome]).toEqual([200, 'accepted'])
    // The best of some: the machine may have much else to do.
    const times: number[] = []
    for (const more of [1, 2, 3]) {
      const started = performance.now()
      await server.send(
        hook,
        signed(provider, { ...PAYLOADS[provider], more }, { id: `m_${more}` }),
      )
      times.push(performance.now() - started)
    }
    expect(Math.min(...times)).toBeLessThan(1000)
    const told = (await server.installation.records.hooks.deliveries('acme', hook)).at(-1)
    expect(told).toMatchObject({
      event: 'push',
      ref: 'refs/heads/main',
      before: BEFORE,
      after: AFTER,
      number: 1,
      state: 'queued',
    })
  })

  test('of a tag, of a branch that is new, and of one that is gone are told apart', () => {
    const zeros = '0'.repeat(40)
    const payload = PAYLOADS[provider]
    const { created: _c, deleted: _d, ...plain } = payload
    expect(read(provider, { ...plain, ref: 'refs/tags/v1' }).event).toBe('tag')
    expect(read(provider, { ...plain, before: zeros })).toMatchObject({
      created: true,
      deleted: false,
    })
    expect(read(provider, { ...plain, after: zeros })).toMatchObject({
      created: false,
      deleted: true,
    })
    expect(read(provider, plain)).toMatchObject({ created: false, deleted: false })
  })

  test.each([
    ['nothing', {}],
    ['numbers', { ref: 1, before: 2, after: 3, repository: 4, project: 5 }],
    ['lists', { ref: [], before: [], repository: [[]], project: [] }],
    ['null', { ref: null, repository: null, project: null, created: null }],
    ['deep objects', { ref: {}, repository: { clone_url: {}, url: [] }, project: { url: null } }],
  ])('that holds %s is read as one without a ref', (_what, payload) => {
    expect(read(provider, payload)).toMatchObject({ ref: undefined, repositories: [] })
  })
})

describe.each([
  ['gitlab', 'x-gitlab-event'],
  ['gitee', 'x-gitee-event'],
] as const)('an event of %s', (provider, header) => {
  const sendAs = async (event: string, payload: object) => {
    const hook = await server.hook({ provider, tags: ['v*'] })
    const sent = signed(provider, payload)
    const headers = { ...sent.headers, [header]: event }
    const { status, body } = await server.send(hook, { ...sent, headers })
    const told = await server.installation.records.hooks.deliveries('acme', hook)
    return { status, outcome: body.outcome, told }
  }

  test('of its own tells of a tag, which is taken in', async () => {
    const payload = { ...PAYLOADS[provider], ref: 'refs/tags/v1' }
    expect(await sendAs('Tag Push Hook', payload)).toMatchObject({
      status: 200,
      outcome: 'accepted',
      told: [{ event: 'tag', ref: 'refs/tags/v1', after: AFTER, state: 'queued' }],
    })
  })

  test('that is no push is heard, and ignored', async () => {
    const { status, outcome } = await sendAs('Note Hook', PAYLOADS[provider])
    expect([status, outcome]).toEqual([200, 'ignored'])
    expect(read(provider, PAYLOADS[provider], { [header]: 'Note Hook' }).event).toBe('other')
  })
})

test('a ping of Gitee is heard and ignored, though it looks like a push', async () => {
  const ping = { 'x-gitee-ping': 'true' }
  const hook = await server.hook({ provider: 'gitee' })
  const { headers, body } = signed('gitee')
  const answer = await server.send(hook, { headers: { ...headers, ...ping }, body })
  expect([answer.status, answer.body.outcome]).toEqual([200, 'ignored'])
  expect(read('gitee', PAYLOADS.gitee, ping)).toEqual({
    event: 'ping',
    repositories: expect.arrayContaining([REPOSITORY]),
  })
})

describe('GitHub’s own examples', () => {
  const all = examples.flatMap(({ name, examples: some }) =>
    some.map((payload, n) => ({ name, n, payload })),
  )

  test('of every event are read without a fault; only pushes are pushes', () => {
    expect(all.length).toBeGreaterThan(200)
    for (const { name, payload } of all) {
      const { event } = read('github', payload, { 'x-github-event': name })
      const isPush = event === 'push' || event === 'tag'
      expect([name, isPush]).toEqual([name, name === 'push'])
    }
  })

  const pushes = all.filter(({ name }) => name === 'push')
  test.each(pushes)('push $n is taken in, or refused for its ref', async ({ payload }) => {
    const { clone_url: repository } = payload.repository as { clone_url: string }
    const hook = await server.hook({ repository, branches: ['**'], tags: ['**'] })
    const { status, body } = await server.send(hook, signed('github', payload))
    expect([status, body.outcome]).toEqual([200, 'accepted'])
    const [told] = await server.installation.records.hooks.deliveries('acme', hook)
    expect(told).toMatchObject({ ref: payload.ref, before: payload.before, after: payload.after })
  })

  test('ping is heard', async () => {
    const hook = await server.hook({})
    const ping = all.find(({ name }) => name === 'ping')?.payload
    const { headers, body } = signed('github', ping)
    const sent = { headers: { ...headers, 'x-github-event': 'ping' }, body }
    expect((await server.send(hook, sent)).body).toMatchObject({ outcome: 'ignored' })
  })
})

describe('other forms', () => {
  test('GitLab’s token is taken unless signatures are asked for, and not beside a wrong one', async () => {
    const { headers, body } = signed('gitlab')
    const token = { 'content-type': 'application/json', 'x-gitlab-event': 'Push Hook' }
    const plain = { headers: { ...token, 'x-gitlab-token': SECRET }, body }
    const hook = await server.hook({ provider: 'gitlab' })
    expect((await server.send(hook, plain)).body.outcome).toBe('accepted')
    const strict = await server.hook({ provider: 'gitlab', signed: true })
    expect((await server.send(strict, plain)).status).toBe(401)
    expect((await server.send(strict, { headers, body })).body.outcome).toBe('accepted')
    const both = { headers: { ...plain.headers, ...headers, 'webhook-signature': 'v1,AAAA' }, body }
    expect((await server.send(hook, both)).status).toBe(401)
    for (const wrong of ['', SECRET.slice(1), `${SECRET}a`, SECRET.toUpperCase()]) {
      const sent = { headers: { ...token, 'x-gitlab-token': wrong }, body }
      expect((await server.send(hook, sent)).status).toBe(401)
    }
  })

  test('GitLab’s signing token need not be in base64', async () => {
    const secret = 'a-token-of-plain-text'
    const hook = await server.hook({ provider: 'gitlab', secret })
    const key = `whsec_${Buffer.from(secret).toString('base64')}`
    expect((await server.send(hook, signed('gitlab', undefined, { secret: key }))).status).toBe(200)
  })

  test('Gitee’s password is taken unless signatures are asked for; a signature in both encodings', async () => {
    const { headers, body } = signed('gitee')
    const password = { headers: { ...headers, 'x-gitee-token': SECRET }, body }
    const hook = await server.hook({ provider: 'gitee' })
    expect((await server.send(hook, password)).body.outcome).toBe('accepted')
    const strict = await server.hook({ provider: 'gitee', signed: true })
    expect((await server.send(strict, password)).status).toBe(401)
    const encoded = encodeURIComponent(headers['x-gitee-token'] ?? '')
    const sent = { headers: { ...headers, 'x-gitee-token': encoded }, body }
    expect((await server.send(strict, sent)).body.outcome).toBe('accepted')
  })

  test('Forgejo’s own header, and GitHub’s where there is no other', async () => {
    const { headers, body } = signed('gitea')
    const { 'x-gitea-signature': digits = '', ...others } = headers
    for (const own of [
      { 'x-forgejo-signature': digits, 'x-gitea-signature': 'wrong' },
      { 'x-hub-signature-256': `sha256=${digits}` },
    ] as Record<string, string>[]) {
      const hook = await server.hook({ provider: 'gitea' })
      const sent = { headers: { ...others, ...own }, body }
      expect((await server.send(hook, sent)).body.outcome).toBe('accepted')
    }
    const hook = await server.hook({ provider: 'gitea' })
    const both = { 'x-forgejo-signature': 'wrong', 'x-gitea-signature': digits }
    expect((await server.send(hook, { headers: { ...others, ...both }, body })).status).toBe(401)
  })

  test('several signatures of the standard, of which one is right', async () => {
    const { headers, body } = signed('generic')
    const right = headers['webhook-signature'] ?? ''
    const several = { ...headers, 'webhook-signature': `v1a,AAAA v1,AAAA ${right}` }
    const hook = await server.hook({ provider: 'generic' })
    expect((await server.send(hook, { headers: several, body })).body.outcome).toBe('accepted')
    const again = await server.send(
      hook,
      signed('generic', { repository: REPOSITORY, ref: 'refs/heads/x' }),
    )
    expect(again.body.outcome).toBe('seen')
  })
})
