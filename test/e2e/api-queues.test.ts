import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
/** Waits, as no worker is there. */
let waiting: string
beforeAll(async () => {
  line = await startTestLine({ workers: 0 })
  const source = { kind: 'inline' as const, files: { 'index.js': 'exports.handler = () => 1\n' } }
  const { id } = await line.client.submit({
    function: 'hello',
    runtime: 'nodejs',
    handler: 'index.handler',
    source,
  })
  waiting = id
})
afterAll(() => line.stop())

interface Queue {
  name: string
  counts: Record<string, number>
  readOnlyMode: boolean
  allowRetries: boolean
  jobs: { id: string; data: object }[]
}

/** Asks with the operator's key. */
function fetchBoard(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${line.operatorKey}` }
  return line.fetch(`/admin/queues${path}`, { headers, ...init })
}

async function queues(query = ''): Promise<Queue[]> {
  const response = await fetchBoard(`/api/queues${query}`)
  expect(response.status).toBe(200)
  return ((await response.json()) as { queues: Queue[] }).queues
}

describe('the board of the queues', () => {
  test("is a page with its parts, behind the operator's key, also as a browser sends it", async () => {
    const password = Buffer.from(`any:${line.operatorKey}`).toString('base64')
    const page = await fetchBoard('', { headers: { authorization: `Basic ${password}` } })
    expect(page.status).toBe(200)
    const html = await page.text()
    expect(html).toContain('Packline')
    const [, script = ''] = /src="(static\/js\/[^"]+)"/.exec(html) ?? []
    expect((await fetchBoard(`/${script}`)).status).toBe(200)
    for (const path of ['', '/api/queues', `/${script}`]) {
      const response = await fetchBoard(path, { headers: { authorization: '' } })
      expect([path, response.status]).toEqual([path, 401])
      expect(response.headers.get('www-authenticate')).toMatch(/^Basic/)
    }
  })

  test('shows every queue of the platform, and a job without its content', async () => {
    const all = await queues('?activeQueue=nodejs&page=1&jobsPerPage=10')
    const names = all.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['nodejs', 'python', 'go', 'custom', 'java-8', 'java-17']),
    )
    expect(names).not.toContain('java')
    expect(all.every((queue) => queue.readOnlyMode && !queue.allowRetries)).toBe(true)
    const nodejs = all.find(({ name }) => name === 'nodejs')
    expect(nodejs?.counts.waiting).toBe(1)
    expect(nodejs?.jobs).toMatchObject([{ id: waiting, data: { schema: 1, tenant: 'one' } }])
    expect(Object.keys(nodejs?.jobs[0]?.data ?? {}).toSorted()).toEqual(['schema', 'tenant'])
  })

  test('changes nothing: every way of its own that would is refused', async () => {
    const changing = [
      ['PUT', '/queues/nodejs/pause'],
      ['PUT', '/queues/nodejs/resume'],
      ['PUT', '/queues/nodejs/empty'],
      ['PUT', '/queues/nodejs/obliterate'],
      ['PUT', '/queues/nodejs/promote'],
      ['PUT', '/queues/nodejs/retry/failed'],
      ['PUT', '/queues/nodejs/clean/waiting'],
      ['PUT', '/queues/pause'],
      ['PUT', '/queues/resume'],
      ['POST', '/queues/nodejs/add'],
      ['PUT', `/queues/nodejs/${waiting}/retry`],
      ['PUT', `/queues/nodejs/${waiting}/clean`],
      ['PUT', `/queues/nodejs/${waiting}/promote`],
      ['PATCH', `/queues/nodejs/${waiting}/update-data`],
      ['DELETE', `/queues/nodejs/${waiting}`],
    ] as const
    const before = await queues('?activeQueue=nodejs')
    for (const [method, path] of changing) {
      const response = await fetchBoard(`/api${path}`, { method, body: '{}' })
      expect([method, path, response.status]).toEqual([method, path, 405])
      expect(response.headers.get('allow')).toBe('GET, HEAD')
      expect(await response.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
    }
    expect(await queues('?activeQueue=nodejs')).toEqual(before)
    expect((await line.client.build(waiting)).state).toBe('queued')
  })
})
