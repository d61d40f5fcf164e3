import type { AuditEntry } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { functionsOn, of } from '../harness/functions.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
let begun: string
beforeAll(async () => {
  line = await startTestLine()
  begun = new Date().toISOString()
})
afterAll(() => line?.stop())

const { ask, registered, write, built } = functionsOn(() => line)

/** Newest first, as they are told. */
async function noted(query = ''): Promise<AuditEntry[]> {
  const response = await line.fetch(`/v1/audit${query}`)
  expect(response.status).toBe(200)
  return ((await response.json()) as { items: AuditEntry[] }).items
}

const told = (entries: AuditEntry[]) =>
  entries.map(({ kind, method, path }) => `${kind}: ${method} ${path}`)

async function create(name: string): Promise<{ id: string; key: string }> {
  const body = JSON.stringify({ name, scope: 'build' })
  return (await (await line.fetch('/v1/keys', { method: 'POST', body })).json()) as never
}

describe('the audit log', () => {
  test('says who made and revoked which key, and when, never the key', async () => {
    const { id, key } = await create('of a test')
    await line.fetch(`/v1/keys/${id}`, { method: 'DELETE' })
    const entries = await noted('?kind=keys&limit=2')
    expect(told(entries)).toEqual([`keys: DELETE /v1/keys/${id}`, `keys: POST /v1/keys/${id}`])
    for (const entry of entries) {
      expect(entry).toMatchObject({
        key: expect.stringMatching(/^env_[0-9a-f]{8}$/),
        keyName: 'PACKLINE_KEYS',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      })
      expect(Date.parse(entry.at)).toBeGreaterThan(Date.parse(begun) - 1000)
    }
    expect(JSON.stringify(await noted())).not.toContain(key.slice(id.length))
  })

  test('says who changed a function, its files and aliases, by a key that was made', async () => {
    const { id, key } = await create('of the shop')
    const headers = { authorization: `Bearer ${key}` }
    await registered('fn', { build: { load: false } })
    await write('fn', 'index.js', 'exports.handler = async () => 1\n')
    await built('fn')
    const body = '{"number":1}'
    await line.fetch(of('fn', '/aliases/stable'), { method: 'PUT', body, headers })
    const [alias, ...others] = await noted('?kind=functions')
    expect(alias).toMatchObject({ key: id, keyName: 'of the shop', method: 'PUT' })
    expect(told(others)).toEqual([
      'functions: PUT /v1/functions/fn/files/index.js',
      'functions: PUT /v1/functions/fn',
    ])
  })

  test('says who took a package, also half of it, and not who asked whether it changed', async () => {
    const { id } = await built('fn')
    const paths = [of('fn', '/packages/1/package'), `/v1/builds/${id}/package`]
    const before = (await noted('?kind=downloads')).length
    for (const path of paths) await (await line.fetch(path)).body?.cancel()
    const whole = await line.fetch(paths[0] ?? '')
    await whole.arrayBuffer()
    const etag = whole.headers.get('etag') ?? ''
    const known = await line.fetch(paths[0] ?? '', { headers: { 'if-none-match': etag } })
    expect(known.status).toBe(304)
    await line.fetch(paths[0] ?? '', { method: 'HEAD' })
    const entries = (await noted('?kind=downloads')).slice(0, -before || undefined)
    const expected = [paths[0], paths[1], paths[0]].map((path) => `downloads: GET ${path}`)
    expect(told(entries)).toEqual(expected)
  })

  test('says who changed hooks and credentials', async () => {
    const asked = { provider: 'github', repository: 'https://git.example/a/b.git' }
    const body = JSON.stringify(asked)
    const hook = (await (await line.fetch('/v1/hooks', { method: 'POST', body })).json()) as never
    const { id } = hook as { id: string }
    await line.fetch(`/v1/hooks/${id}`, { method: 'PATCH', body: '{"active":false}' })
    await line.fetch(`/v1/hooks/${id}`, { method: 'DELETE' })
    expect(told(await noted('?kind=hooks'))).toEqual(
      ['DELETE', 'PATCH', 'POST'].map((method) => `hooks: ${method} /v1/hooks/${id}`),
    )
    const token = 'canary-of-a-credential'
    await line.client.putCredential('git', { kind: 'git-token', host: 'git.example', token })
    await line.client.removeCredential('git')
    const all = await noted('?kind=credentials')
    expect(told(all)).toEqual(
      ['DELETE', 'PUT'].map((method) => `credentials: ${method} /v1/credentials/git`),
    )
    expect(JSON.stringify(await noted())).not.toContain('canary')
  })

  test('notes nothing that was refused, or only read', async () => {
    const [newest] = await noted('?limit=1')
    await ask('DELETE', '/v1/functions/none')
    await ask('DELETE', '/v1/keys/none')
    await ask('PUT', '/v1/functions/fn', { body: '{' })
    for (const path of ['/v1/functions', '/v1/hooks', '/v1/keys', '/v1/audit', '/v1/builds']) {
      await ask('GET', path)
    }
    expect(await noted('?limit=1')).toEqual([newest])
  })

  test('is of one tenant alone, goes page by page, and is cut by time', async () => {
    const headers = { authorization: `Bearer ${line.otherKey}` }
    expect(await (await line.fetch('/v1/audit', { headers })).json()).toEqual({ items: [] })
    const all = await noted()
    const paged: AuditEntry[] = []
    let cursor: string | undefined
    do {
      const page = await line.client.auditLog({ limit: 3, cursor })
      paged.push(...page.items)
      cursor = page.next
    } while (cursor)
    expect(paged).toEqual(all)
    const middle = all[Math.floor(all.length / 2)]?.at ?? ''
    expect(await noted(`?after=${middle}`)).toEqual(all.filter(({ at }) => at >= middle))
    expect(await noted(`?before=${middle}`)).toEqual(all.filter(({ at }) => at < middle))
    for (const wrong of ['cursor=x', 'cursor=%2B', 'kind=other', 'after=today', 'who=me']) {
      expect((await line.fetch(`/v1/audit?${wrong}`)).status).toBe(400)
    }
  })
})
