import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { makeGitHubHook } from '../harness/github-hook.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const CANARY = 'canary-3Vn9-of-log-lines'
const SECRET = `whsec_${Buffer.from(`${CANARY}-secret-of-callback`).toString('base64')}`
const USER = `log-lines-${process.pid}`

let redis: Redis
let line: TestLine

beforeAll(async () => {
  redis = new Redis(process.env.PACKLINE_TEST_REDIS_URL ?? '')
  await redis.acl('SETUSER', USER, 'on', `>${CANARY}`, 'allkeys', 'allchannels', '+@all')
  const url = new URL(process.env.PACKLINE_TEST_REDIS_URL ?? '')
  const redisUrl = Object.assign(url, { username: USER, password: CANARY }).href
  line = await startTestLine({ redisUrl, environment: { PACKLINE_LOG_LEVEL: 'debug' } })
})
afterAll(async () => {
  await line?.stop()
  await redis?.acl('DELUSER', USER)
  await redis?.quit()
})

interface LogLine {
  method?: string
  path?: string
  status?: number
  tenant?: string
  key?: string
  name: string
  level: number
  msg: string
  requestId?: string
  build?: string
  error?: { message: string }
}

/** Each line of a service's log, which are JSON one and all. */
async function linesOf(service: string): Promise<LogLine[]> {
  const text = await line.logOf(service)
  expect(text).not.toContain(CANARY)
  expect(text).not.toContain(btoa(CANARY).slice(0, 24))
  expect(text).not.toContain(line.key)
  return text
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one) as LogLine)
}

/** Logs are written a moment later than answers. */
async function untilTold(requestId: string, fault: object): Promise<void> {
  await vi.waitFor(async () => {
    const all = (await linesOf('api')).filter((one) => one.requestId === requestId)
    const told = all.filter(({ msg }) => msg !== 'answered')
    expect(told).toMatchObject([fault])
  }, 5000)
}

const printing = `console.log('${CANARY} of a tool')
exports.handler = async () => '${CANARY}'
`
const handler = 'index.handler'
const build = {
  function: 'hello',
  runtime: 'nodejs',
  handler,
  source: { kind: 'inline', files: { 'index.js': printing } },
  labels: { of: CANARY },
  callback: { url: `https://callback.invalid/${CANARY}`, secret: SECRET },
}

/** While Redis refuses scripts, which carry all that is written to it, or what they write with. */
async function without<T>(commands: string[], work: () => Promise<T>): Promise<T> {
  await redis.acl('SETUSER', USER, ...commands.map((one) => `-${one}`))
  try {
    return await work()
  } finally {
    await redis.acl('SETUSER', USER, ...commands.map((one) => `+${one}`))
  }
}

describe('a fault that the API logs', () => {
  const credential = { kind: 'git-token', host: 'git.example', token: CANARY }
  const hook = { provider: 'github', repository: 'https://git.example/a/b.git', secret: SECRET }
  test.each<[string, string, object, Record<string, string>]>([
    ['POST', '/v1/builds', build, { 'idempotency-key': `${CANARY}-key` }],
    ['POST', '/v1/batches', { builds: [build, build] }, {}],
    ['PUT', '/v1/credentials/git', credential, {}],
    ['POST', '/v1/hooks', hook, {}],
    ['PUT', '/v1/functions/fn', { runtime: 'nodejs', handler: 'a.b', description: CANARY }, {}],
  ])('of %s %s has the request id of the answer and nothing that was sent', async (...asked) => {
    const [method, path, json, headers] = asked
    // Who asks is counted by a script, too: it goes on, what writes the request does not.
    const answer = await without(['hset'], () =>
      line.fetch(path, { method, body: JSON.stringify(json), headers }),
    )
    const problem = (await answer.json()) as { requestId: string }
    expect([answer.status, problem]).toMatchObject([500, { code: 'BUG' }])
    expect(JSON.stringify(problem)).not.toContain(CANARY)
    const fault = {
      level: 50,
      error: { message: expect.stringContaining("can't run this command") },
    }
    await untilTold(problem.requestId, fault)
  })

  test('of a delivery that is not signed has its request id, and not what signed it', async () => {
    const made = await makeGitHubHook(line, { repository: 'https://git.example/a/b.git' })
    const answer = await line.fetch(made.deliverTo, {
      method: 'POST',
      body: JSON.stringify({ ref: CANARY }),
      headers: {
        authorization: '',
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${CANARY}`,
      },
    })
    const { requestId } = (await answer.json()) as { requestId: string }
    expect(answer.status).toBe(401)
    await untilTold(requestId, { level: 40, hook: made.id })
  })
})

test('a fault that a worker logs names its build, and has nothing of its source and output', async () => {
  const code = `for (let count = 0; count < 20; count++) {
  require('node:fs').writeSync(1, '${CANARY} of a tool\\n')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
}
${printing}`
  const source = { kind: 'inline', files: { 'index.js': code } } as const
  const { id } = await line.client.submit({ function: 'slow', runtime: 'nodejs', handler, source })
  await vi.waitFor(async () => expect(await line.client.log(id)).toContain(CANARY), 20_000)
  const isTold = async () => {
    const lines = await linesOf('worker-1')
    const told = lines.filter((one) => one.build === id && one.error?.message.includes('NOPERM'))
    expect(told.map(({ msg }) => msg)).toContain('events can not be written yet')
  }
  await without(['evalsha', 'eval', 'hset'], () => vi.waitFor(isTold, 10_000))
  await Array.fromAsync(line.client.events(id))
  expect((await line.client.build(id)).state).toBe('succeeded')
  await linesOf('worker-1')
})

describe('a request that was answered', () => {
  const answered = async () => (await linesOf('api')).filter(({ msg }) => msg === 'answered')

  test('has a line with its id, and with who asked', async () => {
    const { id, key } = await line.client.addKey({ name: 'of the log', scope: 'read' })
    const headers = { authorization: `Bearer ${key}` }
    const read = await line.fetch('/v1/builds?function=x', { headers })
    const refused = await line.fetch('/v1/builds', { method: 'POST', body: '{}', headers })
    const unknown = await line.fetch('/v1/builds', { headers: { authorization: '' } })
    const of = (response: Response, status: number, method: string, more: object = {}) => ({
      requestId: response.headers.get('x-request-id'),
      ...{ status, method, path: '/v1/builds', ...more },
    })
    const caller = { tenant: 'one', key: id }
    const expected = [
      of(read, 200, 'GET', caller),
      of(refused, 403, 'POST', caller),
      of(unknown, 401, 'GET'),
    ]
    await vi.waitFor(async () => {
      const lines = expected.map((one) => expect.objectContaining(one))
      expect(await answered()).toEqual(expect.arrayContaining(lines))
    })
  })

  test('has no key in its line, wherever it was sent', async () => {
    const { id, key } = await line.client.addKey({ name: 'sent about', scope: 'admin' })
    const headers = { authorization: `Bearer ${key}` }
    const paths = [`/v1/keys/${key}`, `/v1/builds/${key}?key=${key}`, `/${key}`, `/docs/${key}`]
    for (const path of paths) await line.fetch(path, { method: 'DELETE', headers })
    const bare = `${key}x`
    await line.fetch('/v1/builds', { headers: { authorization: `Bearer ${bare}` } })
    // A mistake of ours is logged by its path, too.
    await without(['hget', 'evalsha'], () => line.fetch(paths[0] ?? '', { method: 'DELETE' }))
    await vi.waitFor(async () => {
      const found = (await answered()).map(({ path }) => path)
      expect(found).toEqual(expect.arrayContaining([`/v1/keys/${id}`, `/${id}`]))
    })
    expect(await line.logOf('api')).not.toContain(key.slice(id.length + 1))
  })
})
