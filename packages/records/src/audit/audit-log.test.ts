import { type AuditKind, LIMITS } from '@packline/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeTestInstallation, type TestInstallation } from '../test-installation.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const entry = (path: string, kind: AuditKind = 'functions') => ({
  kind,
  key: 'pkl_1',
  keyName: 'ci',
  method: 'PUT',
  path,
  requestId: 'r',
})
const write = (path: string, kind?: AuditKind, tenant = 'acme') =>
  all.records.audit.write(tenant, entry(path, kind))
const pathsOf = ({ items }: { items: { path: string }[] }) => items.map(({ path }) => path)

describe('the audit log', () => {
  test('tells newest first who did what and when, of one tenant alone', async () => {
    const before = Date.now()
    await write('/a')
    await write('/b')
    await write('/others', 'keys', 'other')
    const listed = await all.records.audit.list('acme')
    expect(pathsOf(listed)).toEqual(['/b', '/a'])
    expect(listed.items[1]).toEqual({
      ...entry('/a'),
      id: expect.stringMatching(/^\d+-\d+$/),
      at: expect.any(String),
    })
    expect(Date.parse(listed.items[0]?.at ?? '')).toBeGreaterThanOrEqual(before - 1000)
    expect(await all.records.audit.list('nobody')).toEqual({ items: [] })
  })

  test('is read page by page, each entry once', async () => {
    for (let at = 0; at < 7; at += 1) await write(`/${at}`)
    const read: string[] = []
    let cursor: string | undefined
    do {
      const page = await all.records.audit.list('acme', {}, { limit: 3, cursor })
      read.push(...pathsOf(page))
      cursor = page.next
    } while (cursor !== undefined)
    expect(read).toEqual(['/6', '/5', '/4', '/3', '/2', '/1', '/0'])
  })

  test.each(['0-0', '00-0', '0-1', '999999999999999-999999999999999'])(
    'answers to the cursor %s whatever is before it',
    async (cursor) => {
      await write('/a')
      const isFirst = cursor.startsWith('0')
      const page = await all.records.audit.list('acme', {}, { cursor })
      expect(pathsOf(page)).toEqual(isFirst ? [] : ['/a'])
    },
  )

  test('is filtered by kind and by time, the end left out', async () => {
    const { redis, keys } = all
    for (const [ms, path, kind] of [
      [1000, '/a', 'keys'],
      [2000, '/b', 'hooks'],
      [3000, '/c', 'keys'],
    ] as const) {
      await redis.xadd(keys.audit('acme'), `${ms}-5`, 'entry', JSON.stringify(entry(path, kind)))
    }
    const list = async (filter: object) => pathsOf(await all.records.audit.list('acme', filter))
    expect(await list({ kind: 'keys' })).toEqual(['/c', '/a'])
    expect(await list({ after: new Date(2000) })).toEqual(['/c', '/b'])
    expect(await list({ before: new Date(2000) })).toEqual(['/a'])
    expect(await list({ before: new Date(2001), after: new Date(1001) })).toEqual(['/b'])
    expect(await list({ before: new Date(0) })).toEqual([])
  })

  test('of a rare kind is looked for a page at a time, which may be empty with more behind', async () => {
    const { redis, keys } = all
    await write('/rare', 'keys')
    const many = redis.pipeline()
    for (let at = 0; at < 3000; at += 1) {
      many.xadd(keys.audit('acme'), '*', 'entry', JSON.stringify(entry('/x')))
    }
    await many.exec()
    const first = await all.records.audit.list('acme', { kind: 'keys' })
    expect(first).toEqual({ items: [], next: expect.any(String) })
    const rest = await all.records.audit.list('acme', { kind: 'keys' }, { cursor: first.next })
    expect(pathsOf(rest)).toEqual(['/rare'])
    expect(rest.next).toBeUndefined()
  })

  test('keeps the newest, in bounded room', async () => {
    const { redis, keys } = all
    const many = redis.pipeline()
    for (let at = 0; at < LIMITS.auditEntriesKept + 500; at += 1) {
      many.xadd(keys.audit('acme'), '*', 'entry', '{}')
    }
    await many.exec()
    await write('/newest')
    const length = await redis.xlen(keys.audit('acme'))
    expect(length).toBeGreaterThanOrEqual(LIMITS.auditEntriesKept)
    expect(length).toBeLessThan(LIMITS.auditEntriesKept + 300)
    expect(pathsOf(await all.records.audit.list('acme', {}, { limit: 1 }))).toEqual(['/newest'])
  })
})
