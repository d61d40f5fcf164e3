import { expect, test } from 'vitest'
import { startTestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'

test('two workers of one machine build as the users that each was given', async (context) => {
  needs(context, 'redis', 'store', 'sandbox', 'root')
  const line = await startTestLine({ workers: 0, environment: { PACKLINE_TOOL_SLOTS: '2' } })
  context.onTestFinished(() => line.stop())
  await line.addWorker('first')
  await line.addWorker('second', { PACKLINE_UID_BASE: '60600' })
  const workers = await line.client.workers()
  const isolation = Object.fromEntries(workers.map((worker) => [worker.id, worker.isolation]))
  expect(isolation.first).toContain('users 61000 to 61001')
  expect(isolation.second).toContain('users 60600 to 60601')
})
