import { type FailureCode, type KeyMade, LIMITS } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { queryOf } from '../../services/api/src/refuse-unknown-query.ts'
import { until } from '../harness/processes.ts'
import {
  expected,
  type FailureCase,
  failureOf,
  failureOfCase,
  having,
  isMet,
  pathOf,
  placesOf,
  ROUTES,
  type Route,
  routeNamed,
} from './failures/failure-case.ts'
import { FILE_CASES, UPLOAD_CASES } from './failures/file-cases.ts'
import { BUSY_FILES, type Ground, layGround } from './failures/ground.ts'
import { INTAKE_CASES } from './failures/intake-cases.ts'
import { askedRightly, NOTHING } from './failures/rightly.ts'
import { STATE_CASES } from './failures/state-cases.ts'
import { STORE_CASES } from './failures/store-cases.ts'

let ground: Ground
beforeAll(async () => {
  ground = await layGround()
})
afterAll(() => ground?.remove())

const rightly = (route: Route) => askedRightly(route, ground)

function titled(cases: readonly FailureCase[]) {
  return cases.map((one) => ({ title: `${one[0]}: ${one[1]}`, one }))
}

describe('without a key', () => {
  // An open one is let in by a signature.
  const closed = having('NOT_AUTHENTICATED').filter(({ particulars }) => !particulars.open)
  test.each(closed)('$name is 401', async (route) => {
    const init = { headers: { authorization: '' } }
    const found = await failureOf(route, ground.line, pathOf(route, NOTHING), init)
    expect(found).toEqual(expected('NOT_AUTHENTICATED'))
  })
})

describe('with a key', () => {
  const bearing = ({ key }: KeyMade) => ({ headers: { authorization: `Bearer ${key}` } })

  test.each(having('SCOPE_MISSING'))('whose scope is too little, $name is 403', async (route) => {
    const { made, line } = ground
    const { path, init } = rightly(route)
    const needsMore = route.particulars.scope === 'admin'
    for (const key of needsMore ? [made.read, made.build] : [made.read]) {
      const found = await failureOf(route, line, path, { ...init, ...bearing(key) })
      expect(found).toEqual(expected('SCOPE_MISSING'))
    }
  })

  test('of that scope every other path is answered', () => {
    const open = ROUTES.filter(({ codes }) => !codes.includes('SCOPE_MISSING'))
    const changing = open.filter(({ method }) => method !== 'GET').map(({ name }) => name)
    expect(changing).toEqual(['POST /hooks/{id}'])
  })

  test.each(having('TOO_MANY_REQUESTS'))('that asks too often, $name is 429', async (route) => {
    const { redis, keys, made, line } = ground
    const minute = Math.floor(Date.now() / 60_000)
    // The next one, too: it may begin before the answer comes.
    const counts = [minute, minute + 1].map((at) => keys.requests(made.read.id, at))
    for (const count of counts) await redis.set(count, 1e9)
    const { path, init } = rightly(route)
    const found = await failureOf(route, line, path, { ...init, ...bearing(made.read) })
    expect(found).toEqual(expected('TOO_MANY_REQUESTS'))
    await redis.del(...counts)
  })
})

describe('of what is not there', () => {
  // Of the platform's own templates some are not there: a case of its own.
  const named = having('NOT_FOUND').filter(({ template }) => !template.startsWith('/v1/templates'))
  test.each(named)('$name is 404', async (route) => {
    const path = pathOf(route, NOTHING)
    const found = await failureOf(route, ground.line, path, rightly(route).init)
    expect(found).toEqual(expected('NOT_FOUND'))
  })

  const keyed = named.filter(({ particulars }) => !particulars.open)
  test.each(keyed)("$name is 404 where it is another tenant's", async (route) => {
    const headers = { authorization: `Bearer ${ground.line.otherKey}` }
    const { path, init } = rightly(route)
    const found = await failureOf(route, ground.line, path, { ...init, headers })
    expect(found).toEqual(expected('NOT_FOUND'))
  })
})

describe('what can not be read', () => {
  const readable = having('INVALID_REQUEST').filter(
    ({ template }) => !template.startsWith('/hooks'),
  )
  const isNamed = ({ template }: Route) => template.includes('{')
  test.each(readable.filter(isNamed))('in the path of $name is 400', async (route) => {
    const path = route.template.replace(/\{\w+\}/, '%E0%A4%A').replace(/\{\w+\}/g, '7')
    const found = await failureOf(route, ground.line, path)
    expect(found).toEqual(expected('INVALID_REQUEST'))
  })

  const bodied = ROUTES.filter(({ particulars, template }) => {
    return particulars.body !== undefined && !template.startsWith('/hooks')
  })
  test.each(bodied)('in the body of $name is 400', async (route) => {
    const found = await failureOf(route, ground.line, rightly(route).path, { body: '{"a":' })
    expect(found).toEqual(expected('INVALID_REQUEST'))
  })

  const asking = ROUTES.filter(({ particulars }) => queryOf(particulars) !== undefined)
  test.each(asking)('in the query of $name is 400', async (route) => {
    const { path, init } = rightly(route)
    const [bare] = path.split('?')
    const names = Object.keys(queryOf(route.particulars)?.shape ?? {})
    const query = names.map((name) => `${name}=%00`).join('&')
    const found = await failureOf(route, ground.line, `${bare}?${query}`, init)
    expect(found).toEqual(expected('INVALID_REQUEST'))
  })

  const closed = ROUTES.filter(({ particulars }) => !particulars.open)
  test.each(closed)('as a name in the query of $name is 400', async (route) => {
    const { path, init } = rightly(route)
    const asked = `${path}${path.includes('?') ? '&' : '?'}nothing-here=1`
    const found = await failureOf(route, ground.line, asked, init)
    expect(found).toEqual(expected('INVALID_REQUEST'))
  })
})

describe('more than a path takes', () => {
  const most = new Uint8Array(LIMITS.requestBodyBytesMax + 1)
  /** A batch may be larger than all else, and a delivery than what is asked for itself. */
  function bytesFor({ template }: Route): number {
    if (template.startsWith('/v1/batches')) return most.length
    return template.startsWith('/hooks/') ? LIMITS.hookBodyBytesMax + 1 : 10_000_000
  }

  test.each(having('BODY_TOO_LARGE'))('of $name is 413', async (route) => {
    const body = most.subarray(0, bytesFor(route))
    const found = await failureOf(route, ground.line, rightly(route).path, { body })
    expect(found).toEqual(expected('BODY_TOO_LARGE'))
  })
})

describe('headers of 20 KB', () => {
  test.each(having('HEADERS_TOO_LARGE'))('of $name are 431', async (route) => {
    const init = { headers: { 'x-long': 'x'.repeat(20_000) } }
    const found = await failureOf(route, ground.line, pathOf(route, NOTHING), init)
    expect(found).toEqual(expected('HEADERS_TOO_LARGE'))
  })
})

describe('an Idempotency-Key', () => {
  test.each(having('IDEMPOTENCY_IN_USE'))('that is worked on makes $name 409', async (route) => {
    const { redis, keys } = ground
    await redis.set(keys.idempotencyHeld('one', 'busy'), 'another', 'PX', 60_000)
    const init = { headers: { 'idempotency-key': 'busy' } }
    const found = await failureOf(route, ground.line, pathOf(route, NOTHING), init)
    expect(found).toEqual(expected('IDEMPOTENCY_IN_USE'))
  })

  test.each(having('IDEMPOTENCY_MISMATCH'))('of another request makes $name 422', async (route) => {
    const { redis, keys } = ground
    const stored = JSON.stringify({ fingerprint: 'another', ids: [] })
    await redis.set(keys.idempotency('one', 'used'), stored)
    const { path, init } = rightly(route)
    const headers = { 'idempotency-key': 'used' }
    const found = await failureOf(route, ground.line, path, { ...init, headers })
    expect(found).toEqual(expected('IDEMPOTENCY_MISMATCH'))
  })

  test.each(having('IDEMPOTENCY_IN_USE'))('in no form of one makes $name 400', async (route) => {
    const init = { headers: { 'idempotency-key': 'with space' } }
    const found = await failureOf(route, ground.line, pathOf(route, NOTHING), init)
    expect(found).toEqual(expected('INVALID_REQUEST'))
  })
})

describe('each in its own way', () => {
  const CASES = [...INTAKE_CASES, ...STATE_CASES, ...FILE_CASES, ...UPLOAD_CASES]
  test.each(titled(CASES))('$title', async ({ one }) => {
    const [, code, , meanwhile] = one
    const undo = await meanwhile?.(ground)
    try {
      expect(await failureOfCase(one, ground)).toEqual(expected(code))
    } finally {
      await undo?.()
    }
  })

  // All are asked at once, and each round of reading and writing has one winner.
  const CHANGED = [
    {
      name: 'DELETE /v1/functions/{name}/files/{path}',
      count: BUSY_FILES,
      ask: (at: number) => ({ name: 'busy', path: `f${at}.js` }),
      init: { headers: { 'if-match': '*' } },
    },
    {
      name: 'PATCH /v1/hooks/{id}',
      count: 150,
      ask: () => ({ id: ground.hook.id }),
      init: { body: '{"active":true}' },
    },
  ]
  test.each(CHANGED)('$name: CONFLICT where others are faster every time', async (one) => {
    const route = routeNamed(one.name)
    const ends = await Promise.all(
      Array.from({ length: one.count }, (_, at) =>
        failureOf(route, ground.line, pathOf(route, one.ask(at)), one.init),
      ),
    )
    const failed = ends.filter(([status]) => status !== 200)
    expect(failed.length).toBeGreaterThan(0)
    expect(failed).toEqual(failed.map(() => expected('CONFLICT')))
  })
})

describe('a method that a path does not take', () => {
  const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
  const templates = [...new Set(ROUTES.map(({ template }) => template))]

  test.each(templates)('is 405 at %s, with those that it takes', async (template) => {
    const route = { ...routeNamed(ROUTES.find((one) => one.template === template)?.name ?? '') }
    const path = pathOf(route, placesOf(route, ground))
    const taken = ROUTES.filter((one) => matches(one.template, path.split('?')[0] ?? ''))
    for (const method of METHODS) {
      if (taken.some((one) => one.method === method)) continue
      const response = await ground.line.fetch(path, { method })
      expect([method, response.status]).toEqual([method, 405])
      const allowed = response.headers.get('allow')?.split(', ') ?? []
      expect(allowed).toEqual(expect.arrayContaining(taken.map((one) => one.method)))
      await response.body?.cancel()
    }
  })

  function matches(template: string, path: string): boolean {
    const pattern = template.replace('{path}', '.+').replace(/\{\w+\}/g, '[^/]+')
    return new RegExp(`^${pattern}$`).test(path)
  }
})

describe('while the store is away', () => {
  beforeAll(() => ground.storeProxy.shut())
  afterAll(async () => {
    ground.storeProxy.open()
    await until(async () => (await ground.line.fetch('/readyz')).ok)
  })
  test.each(titled(STORE_CASES))('$title', async ({ one }) => {
    // What was read a moment ago is answered without the store.
    const fresh = { ...ground, line: ground.fresh }
    expect(await failureOfCase(one, fresh)).toEqual(expected(one[1]))
  })
})

describe('while Redis', () => {
  /** Of all that ask it, at once: each waits as long as it may. */
  async function failing(code: FailureCode) {
    const found = having(code).map(async (route) => {
      const { path, init } = rightly(route)
      return [route.name, await failureOf(route, ground.line, path, init)] as const
    })
    const all = Object.fromEntries(await Promise.all(found))
    expect(all).toEqual(Object.fromEntries(Object.keys(all).map((name) => [name, expected(code)])))
  }

  test('allows no command, all that ask it are 500', async () => {
    await ground.redis.acl('SETUSER', ground.user, '-@all')
    await failing('BUG').finally(() => ground.redis.acl('SETUSER', ground.user, '+@all'))
  })

  test('is away, all that ask it are 503', async () => {
    ground.redisProxy.shut()
    await failing('RECORDS_UNAVAILABLE').finally(() => ground.redisProxy.open())
  })
})

/**
 * What no test can bring about without a disk of its own, and what takes as long as the API waits:
 * in-our-words.test.ts and answer-unreadable.test.ts have them.
 */
const ELSEWHERE: FailureCode[] = ['DISK_FULL', 'TOO_SLOW']

test('every failure that is described has been met', () => {
  const missing = ROUTES.flatMap(({ name, codes }) =>
    codes
      .filter((code) => !ELSEWHERE.includes(code) && !isMet(name, code))
      .map((code) => `${name} ${code}`),
  )
  expect(missing).toEqual([])
})
