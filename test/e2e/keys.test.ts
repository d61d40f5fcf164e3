import { randomBytes } from 'node:crypto'
import { packlineClient } from '@packline/client'
import type { KeyMade, KeyView, Scope } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'

/** Two API processes of one installation; what waits for a worker is open as long as wanted. */
let line: TestLine
let other: TestLine
beforeAll(async () => {
  const PACKLINE_SECRET_KEY = randomBytes(32).toString('base64')
  line = await startTestLine({ workers: 0, environment: { PACKLINE_SECRET_KEY } })
  const { redisUrl, storeUrl, prefix } = line
  const environment = { PACKLINE_PREFIX: prefix, PACKLINE_SECRET_KEY }
  other = await startTestLine({ workers: 0, redisUrl, storeUrl, environment })
})
afterAll(async () => {
  await other?.stop()
  await line?.stop()
})

const hello = {
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'exports.handler = async () => 1\n' } },
} as const

async function ask(path: string, { key = line.key, at = line, ...init }: Asked = {}) {
  const { json, ...rest } = init
  const body = json === undefined ? undefined : JSON.stringify(json)
  const headers = { authorization: `Bearer ${key}`, ...init.headers }
  const response = await at.fetch(path, { ...rest, body, headers })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) }
}

interface Asked {
  key?: string
  at?: TestLine
  method?: string
  json?: unknown
  headers?: Record<string, string>
}

async function made(scope: Scope, more: object = {}): Promise<KeyMade> {
  const asked = { name: `for ${scope}`, scope, ...more }
  const { status, body, headers } = await ask('/v1/keys', { method: 'POST', json: asked })
  expect(status).toBe(201)
  expect(headers.get('location')).toBe(`/v1/keys/${body.id}`)
  return body
}

const revoke = (id: string, asked: Asked = {}) =>
  ask(`/v1/keys/${id}`, { method: 'DELETE', ...asked })
const statusWith = async (key: string, at: TestLine) =>
  (await ask('/v1/builds', { key, at })).status

describe('a key', () => {
  test('is shown once, then listed with what it is good for and when it was used', async () => {
    const { key, ...view } = await made('read')
    expect(view).toMatchObject({ scope: 'read', createdBy: expect.stringMatching(/^env_/) })
    expect(await statusWith(key, other)).toBe(200)
    const listed = async () => {
      const { body } = await ask('/v1/keys')
      expect(JSON.stringify(body)).not.toContain(key)
      return (body.items as KeyView[]).find(({ id }) => id === view.id)
    }
    await expect.poll(listed).toEqual({ ...view, lastUsedAt: expect.any(String) })
  })

  test('that was asked for once is made once, and shown to who asks the same again', async () => {
    const headers = { 'idempotency-key': 'one-key' }
    const twice = { method: 'POST', json: { name: 'once', scope: 'read' }, headers }
    const first = await ask('/v1/keys', twice)
    const second = await ask('/v1/keys', { ...twice, at: other, key: other.key })
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await statusWith(first.body.key, line)).toBe(200)
  })

  test.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'a\u001b[2J' }, 'name'],
    [{ name: 'a', scope: 'all' }, 'scope'],
    [{ name: 'a', expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ name: 'a', expiresAt: '2026-01-01T00:00:00Z' }, 'expiresAt'],
  ])('asked for as %j is refused at %s', async (json, at) => {
    const { status, body } = await ask('/v1/keys', { method: 'POST', json })
    expect([status, body.code, body.at]).toEqual([400, 'INVALID_REQUEST', at])
  })

  test("of another tenant is not there: neither listed, nor revoked, nor any tenant's but its own", async () => {
    const { id, key } = await made('build')
    const theirs = { key: line.otherKey }
    expect((await ask('/v1/keys', theirs)).body.items).toEqual([])
    expect((await revoke(id, theirs)).status).toBe(404)
    const { id: build } = await packlineClient({ url: line.url, key }).submit(hello)
    expect((await ask(`/v1/builds/${build}`, { key: line.key })).status).toBe(200)
    expect((await ask(`/v1/builds/${build}`, theirs)).status).toBe(404)
    await line.client.cancel(build)
  })

  test("of a tenant never sees the board of the queues; the operator's sees nothing else", async () => {
    const { key } = await made('admin')
    const see = async (one: string) => {
      const authorization = `Basic ${Buffer.from(`any:${one}`).toString('base64')}`
      const response = await line.fetch('/admin/queues/', { headers: { authorization } })
      await response.body?.cancel()
      return response.status
    }
    const seen = [await see(line.operatorKey), await see(line.key), await see(key)]
    expect(seen).toEqual([200, 403, 403])
    for (const path of ['/v1/builds', '/v1/keys', '/v1/audit', '/v1/workers']) {
      expect([path, (await ask(path, { key: line.operatorKey })).status]).toEqual([path, 401])
    }
  })
})

describe('the key of a request', () => {
  test('is told whose it is, what it is good for and until when, never the key', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString()
    const { id, key } = await made('read', { expiresAt })
    const answer = await ask('/v1/key', { key })
    const tenant = 'one'
    expect(answer.body).toEqual({ id, name: 'for read', scope: 'read', expiresAt, tenant })
    const fixed = await ask('/v1/key')
    expect(fixed.body).toEqual({
      id: expect.stringMatching(/^env_[0-9a-f]{8}$/),
      name: 'PACKLINE_KEYS',
      scope: 'admin',
      tenant,
    })
    expect(JSON.stringify([answer, fixed])).not.toContain(key)
    expect((await ask('/v1/key', { key: line.otherKey })).body.tenant).toBe('other')
  })
})

describe('when a key is revoked', () => {
  test('every process refuses it at once, and others go on', async () => {
    const { id, key } = await made('read')
    const stays = await made('read')
    for (const at of [line, other, line, other]) expect(await statusWith(key, at)).toBe(200)
    const begun = Date.now()
    expect((await revoke(id)).body).toEqual({ removed: 1 })
    for (const at of [line, other]) {
      await expect.poll(() => statusWith(key, at), { interval: 10 }).toBe(401)
    }
    // Each knew it for a second more had it not heard.
    expect(Date.now() - begun).toBeLessThan(900)
    expect(await statusWith(stays.key, other)).toBe(200)
    expect((await revoke(id)).status).toBe(404)
  })

  test('by itself, the answer still comes', async () => {
    const { id, key } = await made('admin')
    expect(await revoke(id, { key, at: other })).toMatchObject({ status: 200 })
    await expect.poll(() => statusWith(key, other), { interval: 10 }).toBe(401)
  })

  test('the streams that are open with it end, at every process, and no others', async () => {
    const { id, builds } = await line.client.submitBatch({ builds: [hello] })
    const [build = ''] = builds
    const { id: revoked, key } = await made('read')
    const paths = [`/v1/builds/${build}/events`, `/v1/batches/${id}/events`]
    const open = await Promise.all(
      [...paths, `/v1/builds/${build}/log`].flatMap((path) =>
        [line, other].map((at) => opened(at, path, key)),
      ),
    )
    const ours = await opened(line, paths[0] ?? '', line.key)
    await revoke(revoked)
    const ends = await Promise.all(open.map(({ end }) => end))
    expect(ends).toEqual(open.map(() => 'cut'))
    await line.client.cancel(build)
    expect(await ours.end).toBe('whole')
  })
})

test('a stream that is open when its key expires ends then', async () => {
  const { id } = await line.client.submit(hello)
  const expiresAt = new Date(Date.now() + 1500).toISOString()
  const { key } = await made('read', { expiresAt })
  const stream = await opened(line, `/v1/builds/${id}/events`, key)
  expect(await stream.end).toBe('cut')
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt) - 5)
  const { status, body } = await ask('/v1/builds', { key })
  expect([status, body.detail]).toEqual([401, `The key expired at ${expiresAt}`])
  await line.client.cancel(id)
})

/** An answer that has begun; `end` says how it ends. */
async function opened(at: TestLine, path: string, key: string) {
  const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' }
  const response = await fetch(`${at.url}${path}`, { headers })
  expect(response.status).toBe(200)
  const end = response.text().then(
    () => 'whole',
    () => 'cut',
  )
  return { end }
}
