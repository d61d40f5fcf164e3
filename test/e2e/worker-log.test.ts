import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { eventsOf } from '../harness/sleepers.ts'

const LIMIT = 16 * 1024 * 1024

let line: TestLine
beforeAll(async () => {
  line = await startTestLine()
})
afterAll(() => line.stop())

const printing = (code: string): BuildRequestInput => ({
  function: 'prints',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: {
    kind: 'inline',
    files: { 'index.js': `const fs = require('node:fs')\n${code}\nexports.handler = () => 1\n` },
  },
})

test('log lines arrive while the tool runs, each once and in order', async () => {
  const code = `for (let count = 1; count <= 8; count++) {
  fs.writeSync(1, 'line ' + count + '\\n')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
}`
  const { id } = await line.client.submit(printing(code))
  const answer = await line.fetch(`/v1/builds/${id}/log?follow=true`)
  const seen: { text: string; at: number }[] = []
  for await (const bytes of answer.body ?? []) {
    seen.push({ text: Buffer.from(bytes).toString('utf8'), at: performance.now() })
  }
  const lines = Array.from({ length: 8 }, (_, index) => `line ${index + 1}\n`)
  expect(seen.map(({ text }) => text).join('')).toBe(lines.join(''))
  const [first, last] = [seen[0], seen.at(-1)]
  expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1200)
  expect(seen.length).toBeGreaterThan(3)
  expect(await line.client.log(id)).toBe(lines.join(''))
})

test('a line of ten million characters does no harm and is kept in pieces', async () => {
  const code = `fs.writeSync(1, 'before\\n')
const rest = Buffer.alloc(10e6, 'x')
for (let at = 0; at < rest.length; ) at += fs.writeSync(1, rest, at)
fs.writeSync(1, '\\nafter\\n')`
  const { id } = await line.client.submit(printing(code))
  expect((await eventsOf(line, id)).at(-1)?.type).toBe('succeeded')
  const log = await line.client.log(id)
  expect(log.startsWith('before\nxxxx')).toBe(true)
  expect(log.endsWith('x\nafter\n')).toBe(true)
  expect(log.replaceAll(/[^x]/g, '')).toHaveLength(10e6)
  expect(Math.max(...log.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(8 * 1024)
})

test('a tool that prints without end is ended, and says so', async () => {
  const code = `const rest = Buffer.from('all work and no play\\n'.repeat(5000))
for (;;) for (let at = 0; at < rest.length; ) at += fs.writeSync(1, rest, at)`
  const { id } = await line.client.submit(printing(code))
  const last = (await eventsOf(line, id)).at(-1)
  expect(last).toMatchObject({ type: 'failed', failure: { blame: 'caller' } })
  expect(JSON.stringify(last)).toContain('printed more than 16 MiB, its limit')
  const log = await line.client.log(id)
  expect(log.length).toBeLessThan(LIMIT + 64 * 1024)
  expect(log.length).toBeGreaterThan(LIMIT / 2)
})
