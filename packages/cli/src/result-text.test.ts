import type { BuildReport, StoredPackage } from '@packline/shared'
import { expect, test } from 'vitest'
import { resultText } from './result-text.ts'

const MADE: StoredPackage = {
  key: 'hello.zip',
  address: 'file:///hello.zip',
  format: 'zip',
  size: 2048,
  sha256: 'a'.repeat(64),
  entries: 1,
  unpackedSize: 5000,
}
const REPORT: BuildReport = {
  schema: 1,
  buildKey: 'b'.repeat(64),
  runtime: 'nodejs',
  version: '20.15',
  detectedBecause: 'index.js',
  verdict: { verdict: 'not-loaded', because: 'there is no Node.js 20 here' },
  findings: [],
  mended: [],
  steps: [],
  tools: [],
  largest: [],
  dependencies: [],
  deploy: { direct: true, objectStorage: true },
  isolation: 'bubblewrap',
  profile: 'ctyun-functiongraph',
  configuration: {
    function: 'hello',
    type: 'event',
    runtime: 'nodejs',
    version: '20.15',
    architecture: 'x86_64',
    handler: 'index.handler',
    dependencies: [],
  },
}

test('a result says where, how large, how sure, and what to do next', () => {
  expect(resultText('/here/hello.zip', MADE, REPORT).split('\n')).toEqual([
    'package   /here/hello.zip',
    'size      2.0 KiB (1 file, 4.9 KiB unpacked)',
    `sha256    ${'a'.repeat(64)}`,
    'verdict   not loaded: there is no Node.js 20 here',
    'sandbox   bubblewrap',
    'findings  none',
    'next      upload it to the function, with runtime nodejs 20.15 and handler index.handler',
  ])
})

test('dependency packages are named where the function has any', () => {
  const configuration = { ...REPORT.configuration, dependencies: ['libs@2', 'more@1'] }
  const text = resultText('/x', MADE, { ...REPORT, configuration })
  expect(text).toMatch(/and handler index\.handler, and libs@2, more@1 attached$/)
})

test('findings are counted by their level and then listed', () => {
  const warning = { rule: 'links', level: 'warning', message: 'one' } as const
  const note = { rule: 'python-encoding', level: 'note', message: 'two' } as const
  const text = resultText('/x', MADE, { ...REPORT, findings: [warning, warning, note] })
  expect(text).toContain(
    'findings  2 warnings, 1 note\nwarning   links: one\nwarning   links: one\n',
  )
  expect(text).toContain('\nnote      python-encoding: two\nrules     docs/rules.md#links\n')
})

test('a package too large to be uploaded goes through object storage; HTTP has no handler', () => {
  const { handler, ...configuration } = REPORT.configuration
  const deploy = { direct: false, objectStorage: true }
  const text = resultText('/x', MADE, { ...REPORT, deploy, configuration })
  expect(text).toMatch(
    /\nnext {6}put it in an object storage bucket .* with runtime nodejs 20\.15$/,
  )
})
