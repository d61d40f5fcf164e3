import { packlineClient } from '@packline/client'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'

/** What every worker here is given for bubblewrap: it can make no sandbox. */
const NO_BWRAP = { PACKLINE_BWRAP: '/bin/false' }
const REFUSED = 'builds of others than one are refused'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine({ environment: NO_BWRAP })
})
afterAll(() => line.stop())

const hello: BuildRequestInput = {
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'exports.handler = async () => 1\n' } },
}

test('a worker without a sandbox says so at start and for whom it builds', async () => {
  const [worker] = await line.client.workers()
  expect(worker?.isolation).toMatch(/^no sandbox: .*; builds of others than one are refused$/)
  expect(await line.logOf('worker-1')).toContain(REFUSED)
})

test('it builds for the tenant that was named, whose report says how', async () => {
  const { id } = await line.client.submit(hello)
  await Array.fromAsync(line.client.events(id))
  expect((await line.client.build(id)).state).toBe('succeeded')
  expect((await line.client.report(id)).isolation).toContain(REFUSED)
})

test('it refuses others, again and again, and says who has to act', async () => {
  const other = packlineClient({ url: line.url, key: line.otherKey })
  const { id } = await other.submit(hello)
  for await (const event of other.events(id)) {
    if (event.type !== 'requeued') continue
    expect(event.failure).toMatchObject({
      code: 'SANDBOX_FAILED',
      blame: 'platform',
      hint: expect.stringContaining('PACKLINE_UNSANDBOXED=1'),
    })
    break
  }
  await other.cancel(id)
})
