import type { BuildReport, StoredPackage } from '@packline/shared'
import { expect, test } from 'vitest'
import { resultText, splitOf } from './result-text.ts'

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

test("a bundle's source map is told where it lies", () => {
  const text = resultText('/here/hello.zip', { ...MADE, sourceMap: 'hello.zip.map' }, REPORT)
  expect(text).toMatch(/^map {7}\/here\/hello\.zip\.map$/m)
})

test('what was split off is told beside the package, and what was mended of a finished one', () => {
  const split = { name: 'split-nodejs-1', revision: 1, package: MADE, path: splitOf('/x/a.zip') }
  const text = resultText('/x/a.zip', MADE, { ...REPORT, mended: ['one', 'two'] }, split)
  expect(text.split('\n').slice(3, 7)).toEqual([
    'libraries /x/a.dependencies.zip',
    '          2.0 KiB (1 file, 4.9 KiB unpacked), the dependency package split-nodejs-1',
    `          sha256 ${'a'.repeat(64)}`,
    'mended    one; two',
  ])
})

test('dependency packages are named where the function has any', () => {
  const configuration = { ...REPORT.configuration, dependencies: ['libs@2', 'more@1'] }
  const text = resultText('/x', MADE, { ...REPORT, configuration })
  expect(text).toMatch(/and handler index\.handler, and libs@2, more@1 attached$/)
})

test('findings are counted by their level and then listed', () => {
  const one = { message: 'one', hint: 'mend it', zh: { message: '一', hint: '改' } }
  const two = { ...one, message: 'two' }
  const warning = { rule: 'links', level: 'warning', ...one } as const
  const note = { rule: 'python-encoding', level: 'note', ...two } as const
  const text = resultText('/x', MADE, { ...REPORT, findings: [warning, warning, note] })
  expect(text).toContain(
    'findings  2 warnings, 1 note\nwarning   links: one\nmend      mend it\nwarning   links: one\n',
  )
  expect(text).toContain(
    '\nnote      python-encoding: two\nmend      mend it\nmore      packline explain links python-encoding\n',
  )
})

test('a package too large to be uploaded goes through object storage; HTTP has no handler', () => {
  const { handler, ...configuration } = REPORT.configuration
  const deploy = { direct: false, objectStorage: true }
  const text = resultText('/x', MADE, { ...REPORT, deploy, configuration })
  expect(text).toMatch(
    /\nnext {6}put it in an object storage bucket .* with runtime nodejs 20\.15$/,
  )
})

test('one that lies where functions take it from only needs its address given', () => {
  const deployFrom = 'https://code.obs.example/one/hello/a.zip'
  const deploy = { direct: false, objectStorage: true }
  const text = resultText('/x', MADE, { ...REPORT, deploy, package: { ...MADE, deployFrom } })
  expect(text).toContain(`\nnext      give the function its address ${deployFrom}, with runtime`)
})

test('a test event that was answered is told with its answer, a failed one with why', () => {
  const answered = { ok: true, answer: { sum: 3 }, ms: 12.4, output: [] }
  const text = resultText('/x', MADE, { ...REPORT, test: answered })
  expect(text).toContain('\ntest      answered in 12 ms: {"sum":3}\n')
  const failed = { ok: false, message: 'the answer has no sum', output: [] }
  expect(resultText('/x', MADE, { ...REPORT, test: failed })).toContain(
    '\ntest      failed: the answer has no sum\n',
  )
})
