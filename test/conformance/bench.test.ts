import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const MAIN = path.resolve(import.meta.dirname, '../../bench/main.ts')

function bench(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', timeout: 30_000 })
}

test.each([
  [['--pairs', 'abc'], '--pairs takes a whole number from 1 up, not abc.'],
  [['--functions=-5'], '--functions takes a whole number from 1 up, not -5.'],
  [['--unknown'], "Unknown option '--unknown'."],
])('%j gives one line, the usage and 2', (args, message) => {
  const { status, stdout, stderr } = bench(...args)
  expect(stderr).toMatch(/\n\nusage: npm run bench .*\n\n( {2}--\w+ N .*\n){3}$/)
  expect(stderr.split('\n', 1)).toEqual([message])
  expect([status, stdout]).toEqual([2, ''])
})

test('--help gives the usage and 0', () => {
  const { status, stdout, stderr } = bench('--help')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^usage: npm run bench/)
})
