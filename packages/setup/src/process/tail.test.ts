import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import { lastLine, readTail } from './tail.ts'

describe('lastLine', () => {
  test.each([
    ['one\ntwo\n\n', 'two'],
    ['', 'it printed nothing'],
    ['E: not signed.\n', 'E: not signed.'],
    ['Error: no such store\n    at open (a.ts:1:2)\n\nNode.js v24.21.0\n', 'Error: no such store'],
    ['go: reading x\ndial tcp: connection failed\nexit status 1\n', 'dial tcp: connection failed'],
  ])('of %j is %j', (text, expected) => {
    expect(lastLine(text)).toBe(expected)
  })

  test('is never longer than a message should be', () => {
    expect(lastLine('x'.repeat(5000))).toHaveLength(300)
  })
})

test('readTail reads the end of a long log and no more', async () => {
  const file = path.join(temporaryFolder(), 'service.log')
  writeFileSync(file, `error at the start\n${'line\n'.repeat(10_000)}the end\n`)
  expect(await readTail(file)).toBe('the end')
})
