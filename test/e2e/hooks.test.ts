import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HookMade, Receipt } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  commitFiles,
  type GitServer,
  git,
  makeRepository,
  serveRepositories,
} from '../harness/git-server.ts'
import { type GitHubHook, makeGitHubHook } from '../harness/github-hook.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const MANIFEST = `functions:
  a: {runtime: nodejs, handler: index.handler, path: a, build: {load: false}}
  b: {runtime: nodejs, handler: index.handler, path: b, shared: [lib], build: {load: false}}
`
const CODE = 'exports.handler = async () => "你好"\n'
const ZEROS = '0'.repeat(40)

let line: TestLine
let folder: string
let repository: string
let server: GitServer
let url: string
let first: string
let hook: GitHubHook

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-hooks-'))
  repository = join(folder, 'app')
  server = await serveRepositories(folder)
  url = `${server.url}/app/.git`
  const files = { 'a/index.js': CODE, 'b/index.js': CODE, 'lib/x.js': CODE }
  first = await makeRepository(repository, { 'packline.yaml': MANIFEST, ...files })
  line = await startTestLine({ environment: { PACKLINE_PLAIN_HTTP_HOSTS: '127.0.0.1' } })
  const asked = { repository: url, branches: ['**'], tags: ['v*'], labels: { by: 'push' } }
  hook = await makeGitHubHook(line, asked)
})
afterAll(async () => {
  await line?.stop()
  await server?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

describe('a push', () => {
  test('builds the functions that it touched, by folder and shared folder, at its commit', async () => {
    const all = await hook.push({ before: ZEROS, after: first, created: true })
    expect(all.functions).toEqual(['a', 'b'])
    const second = await commitFiles(repository, { 'a/index.js': `${CODE}// more\n` })
    const done = await hook.push({ before: first, after: second })
    expect(done.functions).toEqual(['a'])
    expect(done).toMatchObject({ state: 'succeeded', commit: second, untouched: ['b'], number: 2 })
    const [one] = done.builds ?? []
    await Array.fromAsync(line.client.events(one?.build ?? ''))
    expect(await line.client.build(one?.build ?? '')).toMatchObject({
      state: 'succeeded',
      priority: 'interactive',
      labels: { by: 'push' },
      pin: { kind: 'git', commit: second },
    })
    const third = await commitFiles(repository, { 'lib/x.js': '// shared\n', 'README.md': 'x' })
    expect((await hook.push({ before: second, after: third })).functions).toEqual(['b'])
    const fourth = await commitFiles(repository, { 'README.md': 'nothing of a function' })
    expect((await hook.push({ before: third, after: fourth })).functions).toEqual([])
  })

  test('of a tag is built where the hook is for it, and of a branch that is gone nothing', async () => {
    const head = git(repository, 'rev-parse', 'HEAD')
    git(repository, 'tag', 'v1')
    const tag = { ref: 'refs/tags/v1', before: ZEROS, after: head, created: true }
    expect((await hook.push(tag)).functions).toEqual(['a', 'b'])
    const other = await hook.deliver({ ref: 'refs/tags/other', before: ZEROS, after: head })
    expect(other.answer.body).toMatchObject({ outcome: 'ignored' })
    const gone = await hook.push({
      ref: 'refs/heads/old',
      before: head,
      after: ZEROS,
      deleted: true,
    })
    expect(gone.functions).toEqual([])
  })

  test('that is told twice builds nothing the second time', async () => {
    const before = git(repository, 'rev-parse', 'HEAD')
    const after = await commitFiles(repository, { 'a/index.js': `${CODE}// twice\n` })
    const { body, answer } = await hook.deliver({ before, after })
    await hook.workedOff(answer.body.delivery)
    const count = (await line.client.builds({ limit: 500 })).items.length
    const again = await Promise.all([hook.send(body), hook.send(body), hook.send(body)])
    expect(again.map((one) => one.body)).toEqual(
      Array(3).fill({ delivery: answer.body.delivery, outcome: 'seen' }),
    )
    expect((await line.client.builds({ limit: 500 })).items).toHaveLength(count)
  })

  test('is worked off again on demand, under its number', async () => {
    const [newest] = await hook.deliveries()
    const path = `/v1/hooks/${hook.id}/deliveries/${newest?.id}/redeliver`
    const answer = (await (await line.fetch(path, { method: 'POST' })).json()) as Receipt
    expect(answer.outcome).toBe('accepted')
    const done = await hook.workedOff(answer.delivery)
    expect(done).toMatchObject({ redeliveryOf: newest?.id, number: newest?.number })
    expect(done.builds?.map((one) => one.function)).toEqual(['a'])
    expect(done.builds).not.toEqual(newest?.builds)
  })

  test('that is worked off again with a key is so once, however often it is asked for', async () => {
    const push = (await hook.deliveries()).find(({ outcome }) => outcome === 'accepted')
    const path = `/v1/hooks/${hook.id}/deliveries/${push?.id}/redeliver`
    const headers = { 'idempotency-key': randomUUID() }
    const again = async () => (await line.fetch(path, { method: 'POST', headers })).json()
    const first = (await again()) as Receipt
    const count = (await hook.deliveries()).length
    expect(await again()).toEqual(first)
    expect(await hook.deliveries()).toHaveLength(count)
  })

  test('that nobody signed, or of another repository, builds nothing', async () => {
    const after = git(repository, 'rev-parse', 'HEAD')
    const count = (await hook.deliveries()).length
    const forged = await hook.deliver({ before: first, after }, 'not-the-secret-of-the-hook')
    expect(forged.answer).toMatchObject({ status: 401, body: { code: 'NOT_AUTHENTICATED' } })
    expect(await hook.deliveries()).toHaveLength(count)
    const elsewhere = { clone_url: 'https://git.example/a.git' }
    const other = await hook.deliver({ before: first, after, repository: elsewhere })
    expect(other.answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } })
    const [told] = await hook.deliveries()
    expect(told).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/git.example/) })
  })
})

describe('a hook', () => {
  test('tells no status to a private address, when it is made or changed', async () => {
    const status = { provider: 'github', api: 'https://10.0.0.1/api', token: 'not-sent' }
    const asked = { provider: 'github', repository: url, branches: ['main'], status }
    const made = await line.fetch('/v1/hooks', { method: 'POST', body: JSON.stringify(asked) })
    const changes = { method: 'PATCH', body: JSON.stringify({ status }) }
    for (const answer of [made, await line.fetch(`/v1/hooks/${hook.id}`, changes)]) {
      expect(answer.status).toBe(403)
      const problem = { code: 'SOURCE_NOT_ALLOWED', at: 'status.api' }
      expect(await answer.json()).toMatchObject(problem)
    }
  })

  test('is the tenant its own, changed and deleted by it', async () => {
    const headers = { authorization: `Bearer ${line.otherKey}` }
    for (const path of [`/v1/hooks/${hook.id}`, `/v1/hooks/${hook.id}/deliveries`]) {
      expect((await line.fetch(path, { headers })).status).toBe(404)
    }
    const changes = JSON.stringify({ active: false })
    const path = `/v1/hooks/${hook.id}`
    const changed = await line.fetch(path, { method: 'PATCH', body: changes })
    expect(await changed.json()).toMatchObject({ active: false, labels: { by: 'push' } })
    const { answer } = await hook.deliver({ before: ZEROS, after: first })
    expect(answer.body).toMatchObject({ outcome: 'ignored', reason: 'the hook is not active' })
    const list = (await (await line.fetch('/v1/hooks')).json()) as { items: object[] }
    expect(JSON.stringify(list)).not.toContain(hook.secret)
    expect(list.items).toMatchObject([{ id: hook.id }])
    expect((await line.fetch(path, { method: 'DELETE' })).status).toBe(200)
    expect((await hook.deliver({})).answer.status).toBe(404)
    for (const name of ['api', 'worker-1']) {
      expect(await line.logOf(name)).not.toContain(hook.secret)
    }
  })
})

describe('a hook that is asked for twice with a key', () => {
  const asked = { provider: 'gitea', repository: 'https://git.example.com/a/once.git' }
  const make = (body: object, headers: Record<string, string>) =>
    line.fetch('/v1/hooks', { method: 'POST', body: JSON.stringify(body), headers })

  test('is made once, and shown again with its secret', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const [first, second] = [await make(asked, headers), await make(asked, headers)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    const made = (await first.json()) as HookMade
    expect(made.secret).toMatch(/^whsec_/)
    expect(await second.json()).toEqual(made)
    const { items } = (await (await line.fetch('/v1/hooks')).json()) as { items: HookMade[] }
    expect(items.filter(({ repository }) => repository === asked.repository)).toHaveLength(1)
    const other = await make({ ...asked, branches: ['main'] }, headers)
    expect(other.status).toBe(422)
  })
})
