import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { stepProgress } from './step-progress.ts'

function told(quiet: boolean): string {
  const output = new PassThrough({ encoding: 'utf8' })
  const reporter = stepProgress(output, { quiet })
  reporter.event({ type: 'step', step: 'fetch', status: 'started' })
  reporter.event({ type: 'step', step: 'fetch', status: 'finished', ms: 12 })
  reporter.event({ type: 'detected', runtime: 'nodejs', because: 'index.js', as: 'source' })
  reporter.event({ type: 'stage', stage: 'npm ci', command: 'npm ci --omit=dev' })
  reporter.log('added 3 packages')
  reporter.event({ type: 'warning', message: 'there is no lock file' })
  reporter.event({ type: 'step', step: 'make', status: 'finished', ms: 1500 })
  return output.read() ?? ''
}

test('steps are told at their end, stages at their beginning, and what tools print between', () => {
  expect(told(false).split('\n')).toEqual([
    'fetch     12 ms',
    'make      npm ci',
    '          | added 3 packages',
    'warning   there is no lock file',
    'make      1.5 s',
    '',
  ])
})

test('nothing is told to who asked for JSON', () => {
  expect(told(true)).toBe('')
})
