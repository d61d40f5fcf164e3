import { packlineClient } from '@packline/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
let place: Workplace
beforeAll(async () => {
  line = await startTestLine({ workers: 0 })
  place = await makeWorkplace()
})
afterAll(async () => {
  await line?.stop()
  await place?.remove()
})

function run(args: readonly string[], key = line.key) {
  return place.run(args, { environment: { PACKLINE_URL: line.url, PACKLINE_KEY: key } })
}

const day = (time = '') => time.slice(0, 10)

test('a key is made and printed once, is listed without it, and is revoked by its id', async () => {
  const none = await run(['keys', 'list'])
  expect(none).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/^no keys/) })
  const created = await run(['keys', 'create', 'pipeline of the shop', '--days', '30'])
  expect(created.code).toBe(0)
  const [, id = ''] = /^(pkl_\w{26})_[\w-]{43}\n$/.exec(created.stdout) ?? []
  const until = new Date(Date.now() + 30 * 24 * 60 * 60_000).toISOString()
  const said = created.stderr.split('\n').map((row) => row.trim().split(/ {2,}/))
  expect(said.slice(0, 2)).toEqual([
    ['id', id],
    ['scope', 'build'],
  ])
  expect(said[2]).toEqual(['expires', expect.stringContaining(day(until))])
  expect(created.stderr).toMatch(/not shown again/)
  const key = created.stdout.trim()
  await packlineClient({ url: line.url, key }).builds({})
  const listed = await run(['keys', 'list'])
  expect(listed.stdout).toContain(id)
  expect(listed.stdout).toContain('pipeline of the shop')
  expect(listed.stdout).not.toContain(key)
  // Who has the key at hand and not its id means the same.
  const revoked = await run(['keys', 'revoke', key])
  expect(revoked).toEqual({ code: 0, stdout: `revoked   ${id}\n`, stderr: '' })
  expect((await run(['list'], key)).code).toBe(3)
  expect(await run(['keys', 'revoke', id])).toMatchObject({ code: 1, stdout: '' })
})

test('a key that may not do something is told which it needs, and how to get it', async () => {
  const created = await run(['keys', 'create', 'reads', '--scope', 'read', '--json'])
  const { key, scope } = JSON.parse(created.stdout)
  expect(scope).toBe('read')
  expect(await run(['list'], key)).toMatchObject({ code: 0 })
  for (const args of [['keys', 'list'], ['audit-log'], ['keys', 'create', 'more']]) {
    const refused = await run(args, key)
    expect(refused).toMatchObject({ code: 3, stdout: '' })
    expect(refused.stderr).toContain('The key has the scope "read"; this needs "admin"')
    expect(refused.stderr).toContain('packline keys create NAME')
  }
})

test('the audit log says who did what, by kind and time', async () => {
  await run(['functions', 'put', 'hello', '--runtime', 'nodejs', '--handler', 'index.handler'])
  const text = await run(['audit-log', '--kind', 'functions'])
  const [head, entry] = text.stdout.split('\n').map((row) => row.trim().split(/ {2,}/))
  expect(head).toEqual(['when', 'did', 'what', 'by', 'name'])
  expect(entry?.slice(1)).toEqual([
    'PUT',
    '/v1/functions/hello',
    expect.stringMatching(/^env_[0-9a-f]{8}$/),
    'PACKLINE_KEYS',
  ])
  const items = async (...args: string[]) =>
    JSON.parse((await run(['audit-log', '--json', ...args])).stdout).items
  const all = await items()
  expect(all.length).toBeGreaterThan(3)
  expect(await items('--limit', '1')).toEqual(all.slice(0, 1))
  expect(await items('--since', '2026-01-05')).toEqual(all)
  expect(await items('--until', '2026-01-05T08:00Z')).toEqual([])
  const empty = await run(['audit-log', '--kind', 'hooks'])
  expect(empty).toEqual({ code: 0, stdout: '', stderr: 'nothing was done\n' })
})

test.each([
  [['keys', 'create'], /missing required argument 'name'/],
  [['keys', 'create', 'a', '--scope', 'all'], /Allowed choices are read, build, admin/],
  [['keys', 'create', 'a', '--days', '0'], /whole number from 1 to 3650/],
  [['audit-log', '--since', 'yesterday'], /day or time such as 2026-01-05/],
  [['audit-log', '--since', '2026-13-41'], /day or time such as 2026-01-05/],
  [['audit-log', '--kind', 'builds'], /Allowed choices are keys, hooks/],
])('%j is told to be wrong before anybody is asked', async (args, said) => {
  const wrong = await place.run(args)
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(said) })
})
