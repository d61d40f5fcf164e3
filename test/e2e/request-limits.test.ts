import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'

const PER_MINUTE = 400
const AT_ONCE = 3
const PAGE = 'https://console.example'

let line: TestLine
const leaving = new Set<AbortController>()
beforeAll(async () => {
  line = await startTestLine({
    workers: 0,
    environment: {
      PACKLINE_REQUESTS_PER_MINUTE: String(PER_MINUTE),
      PACKLINE_REQUESTS_AT_ONCE: String(AT_ONCE),
      PACKLINE_CORS_ORIGINS: PAGE,
    },
  })
})
afterAll(() => line?.stop())
afterEach(() => {
  for (const one of leaving) one.abort()
  leaving.clear()
})

const hello = {
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'exports.handler = async () => 1\n' } },
}

async function ask(path: string, init: RequestInit = {}) {
  const response = await line.fetch(path, init)
  const text = await response.text()
  const after = response.headers.get('retry-after')
  return { status: response.status, after, headers: response.headers, body: JSON.parse(text) }
}

async function watch(build: string): Promise<AbortController> {
  const gone = new AbortController()
  leaving.add(gone)
  const path = `/v1/builds/${build}/events`
  expect((await line.fetch(path, { signal: gone.signal })).status).toBe(200)
  return gone
}

const theirs = () => ({ headers: { authorization: `Bearer ${line.otherKey}` } })

describe('a key that has as many requests open as it may', () => {
  test('is refused more, streams among them, until one has ended; others are not', async () => {
    const { body } = await ask('/v1/builds', { method: 'POST', body: JSON.stringify(hello) })
    const watching = await Promise.all(Array.from({ length: AT_ONCE }, () => watch(body.id)))
    const refused = await ask('/v1/runtimes')
    expect(refused).toMatchObject({ status: 429, after: '1' })
    expect(refused.body).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    expect(refused.body.detail).toContain(`${AT_ONCE} requests open`)
    expect((await ask('/v1/runtimes', theirs())).status).toBe(200)
    expect((await fetch(`${line.url}/healthz`)).status).toBe(200)
    watching[0]?.abort()
    await expect.poll(async () => (await ask('/v1/runtimes')).status).toBe(200)
  })

  test('has an upload refused before it is read, and reads why', async () => {
    const { body } = await ask('/v1/builds', { method: 'POST', body: JSON.stringify(hello) })
    await Promise.all(Array.from({ length: AT_ONCE }, () => watch(body.id)))
    const large = new Uint8Array(5_000_000)
    const refused = await ask('/v1/uploads', { method: 'POST', body: large })
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } })
  })
})

describe('a page', () => {
  test('of an origin that was named may ask with a key, and is told of refusals, too', async () => {
    const headers = { origin: PAGE }
    const answered = await ask('/v1/runtimes', { headers })
    expect(answered.headers.get('access-control-allow-origin')).toBe(PAGE)
    const unknown = await ask('/v1/builds', { headers: { ...headers, authorization: 'Bearer x' } })
    expect(unknown.status).toBe(401)
    expect(unknown.headers.get('access-control-allow-origin')).toBe(PAGE)
    const asking = { ...headers, authorization: '', 'access-control-request-method': 'POST' }
    const url = `${line.url}/v1/builds`
    const preflight = await fetch(url, { method: 'OPTIONS', headers: asking })
    expect([preflight.status, await preflight.text()]).toEqual([204, ''])
  })

  test('of another origin may not, nor any see the board or what hooks are told', async () => {
    const allowed = async (path: string, origin: string) =>
      (await fetch(line.url + path, { headers: { origin } })).headers.get(
        'access-control-allow-origin',
      )
    expect(await allowed('/v1/runtimes', 'https://other.example')).toBeNull()
    for (const path of ['/admin/queues', '/hooks/h1', '/healthz', '/docs']) {
      expect([path, await allowed(path, PAGE)]).toEqual([path, null])
    }
  })
})

test('a key that asks too often in a minute is told when to come again; a batch counts once', async () => {
  const builds = Array.from({ length: 1000 }, (_, at) => ({ ...hello, function: `f${at}` }))
  const batch = await ask('/v1/batches', { method: 'POST', body: JSON.stringify({ builds }) })
  expect(batch.status).toBe(202)
  const ends: Awaited<ReturnType<typeof ask>>[] = []
  // One minute may end in between, and another one begin.
  for (let asked = 0; asked <= 2 * PER_MINUTE; asked += 1) {
    const end = await ask('/v1/runtimes')
    ends.push(end)
    if (end.status !== 200) break
  }
  const last = ends.at(-1)
  expect(ends.length).toBeGreaterThan(2)
  expect(last).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } })
  expect(Number(last?.after)).toBeGreaterThan(0)
  expect(Number(last?.after)).toBeLessThanOrEqual(60)
  expect((await ask('/v1/runtimes', theirs())).status).toBe(200)
  await ask(`/v1/batches/${batch.body.id}/cancel`, { method: 'POST', ...theirs() })
})
