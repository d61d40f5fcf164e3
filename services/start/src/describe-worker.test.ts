import type { WorkerView } from '@packline/shared'
import { expect, test } from 'vitest'
import { describeWorker } from './describe-worker.ts'

const worker = (more: Partial<WorkerView>) =>
  describeWorker({ tools: {}, isolation: 'bubblewrap 0.8.0, own-user', ...more } as WorkerView)

test('names the tools that builds are made with, each with its versions', () => {
  const tools = { node: '24.21.0', sh: 'POSIX', jdks: '25, 17', npm: '11.6.2' }
  expect(worker({ tools })).toEqual([
    'tools    npm 11.6.2; jdks 25, 17',
    'sandbox  bubblewrap 0.8.0, own-user',
  ])
})

test('says on one line why there is no sandbox, and what that means', () => {
  const isolation = 'no sandbox: bubblewrap is missing (apt-get install bubblewrap)'
  expect(worker({ isolation })).toEqual([
    'tools    none but Node.js',
    'sandbox  NONE, what is built can reach all of this: bubblewrap is missing (apt-get install bubblewrap)',
  ])
})
