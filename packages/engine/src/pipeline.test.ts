import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { loadProfile } from '@packline/profiles'
import { type BuildRequestInput, buildRequestSchema, resolveRequest } from '@packline/shared'
import { folderStore } from '@packline/stores'
import { expect, test } from 'vitest'
import { contextIn } from '../../../test/harness/context.ts'
import { zipOf } from '../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import type { BuildContext } from './context.ts'
import { buildPackage } from './pipeline.ts'
import { DEFAULT_LIMITS } from './process/limits.ts'
import { findNode } from './tools/find-node.ts'

const profile = await loadProfile('ctyun-functiongraph')
const { node } = await findNode(() => Promise.reject(new Error('not asked')), {
  path: '',
  home: '',
})
const tools = { node, nodes: [node], pythons: [], jdks: [] } as unknown as BuildContext['tools']

const STEPS = ['fetch', 'unpack', 'detect', 'make', 'zip', 'validate', 'store']

/** A worker that has neither a disk to build on nor anything to run tools with. */
async function bare(given: Partial<BuildContext> = {}) {
  const folder = temporaryFolder()
  const store = folderStore({ folder: join(folder, 'store') })
  await store.prepare()
  const context = await contextIn(folder, {
    profile,
    tools,
    store,
    isolation: {
      kind: 'sandbox',
      description: 'none',
      inherited: [],
      limits: DEFAULT_LIMITS,
      acquireSlot: () => Promise.reject(new Error('a tool was to be run')),
    },
    scratchFolder: '/etc/passwd/is-no-folder',
    cacheFolder: '/etc/passwd/is-no-folder',
    keyOfPackage: ({ sha256 }, format) => `packages/test/${sha256}.${format}`,
    ...given,
  })
  return { context, folder }
}

function asked(request: Partial<BuildRequestInput> = {}) {
  const files = { 'index.js': 'exports.handler = async () => "你好"\n' }
  const whole = {
    function: 'hello',
    runtime: 'nodejs' as const,
    handler: 'index.handler',
    source: { kind: 'inline' as const, files },
    build: { load: false },
    ...request,
  }
  return resolveRequest(buildRequestSchema.parse(whole), profile)
}

test('a small source that no tool touches needs neither disk nor tool', async () => {
  const { context, folder } = await bare()
  const outcome = await buildPackage(asked(), context)
  if (outcome.status === 'failed') throw outcome.cause
  const { key, sha256, size } = outcome.package
  const bytes = await readFile(join(folder, 'store', key))
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
  expect(bytes.length).toBe(size)
  expect(outcome.report.steps.map(({ step }) => step)).toEqual(STEPS)
  // On a busy machine a step may take so long that its beginning is told, too.
  const ends = context.told.events.filter(
    (event) => !('status' in event && event.status === 'started'),
  )
  expect(ends.map(({ type }) => type)).toEqual([
    'step',
    'step',
    'detected',
    ...Array(5).fill('step'),
  ])
})

test('so does a small upload, and one that passes through', async () => {
  const archive = await zipOf({ 'index.js': 'exports.handler = () => 1\n' })
  const upload = createHash('sha256').update(archive).digest('hex')
  const openUpload = async () => ({ size: archive.length, stream: Readable.from([archive]) })
  const { context } = await bare({ openUpload })
  const outcome = await buildPackage(asked({ source: { kind: 'upload', upload } }), context)
  expect(outcome).toMatchObject({ status: 'succeeded', package: { sha256: upload } })
})

test('a load is a tool: what keeps it from running is the worker’s fault', async () => {
  const { context } = await bare()
  const outcome = await buildPackage(asked({ build: { load: true } }), context)
  expect(outcome).toMatchObject({ status: 'failed', failure: { code: 'BUG', step: 'validate' } })
})

test('a failed build names its step and its findings, and stores nothing', async () => {
  const { context, folder } = await bare()
  const request = asked({ handler: 'main.handler' })
  const outcome = await buildPackage(request, context)
  if (outcome.status === 'succeeded') return expect.unreachable('it has no entry file')
  const { failure, report } = outcome
  expect(failure).toMatchObject({ code: 'VALIDATION_FAILED', step: 'validate', blame: 'caller' })
  expect(failure.findings).toMatchObject([{ rule: 'entry-at-root', level: 'error' }])
  expect(failure.detail).toContain('main.js')
  expect(report.steps.map(({ step }) => step)).toEqual(STEPS.slice(0, 6))
  expect(existsSync(join(folder, 'store/packages'))).toBe(false)
})

test('what the signal says ends the build, whatever it was at', async () => {
  const { context } = await bare({ signal: AbortSignal.abort(new Error('cancelled')) })
  await expect(buildPackage(asked(), context)).rejects.toThrow('cancelled')
  const stop = new AbortController()
  const put = () => {
    stop.abort(new Error('cancelled late'))
    return Promise.reject(new Error('a socket was closed'))
  }
  const late = await bare({ signal: stop.signal, store: { put, address: () => '' } })
  await expect(buildPackage(asked(), late.context)).rejects.toThrow('cancelled late')
})

test('one error that ends several builds is told with the step of each', async () => {
  const error = new Error('the same object')
  const fails = () => Promise.reject(error)
  const upload = { kind: 'upload', upload: 'a'.repeat(64) } as const
  const [fetching, storing] = await Promise.all([
    bare({ openUpload: fails }),
    bare({ store: { put: fails, address: () => '' } }),
  ])
  const ends = await Promise.all([
    buildPackage(asked({ source: upload }), fetching.context),
    buildPackage(asked(), storing.context),
  ])
  expect(ends).toMatchObject([{ failure: { step: 'fetch' } }, { failure: { step: 'store' } }])
})

test('a full disk is called neither a mistake of ours nor one of the caller', async () => {
  const put = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
  const { context } = await bare({ store: { put, address: () => '' } })
  const outcome = await buildPackage(asked(), context)
  const failure = { code: 'DISK_FULL', blame: 'platform', step: 'store' }
  expect(outcome).toMatchObject({ status: 'failed', failure })
})

test('a rule that is broken ten thousand times is told fifty times and counted', async () => {
  const wrong = Buffer.from('cffaedfe00000000', 'hex').toString('base64')
  const macs = Array.from({ length: 200 }, (_, at) => [`lib/${at}.node`, { base64: wrong }])
  const files = { 'index.js': 'exports.handler = () => 1\n', ...Object.fromEntries(macs) }
  const { context } = await bare()
  const outcome = await buildPackage(asked({ source: { kind: 'inline', files } }), context)
  const findings = outcome.report.findings.filter(({ rule }) => rule === 'target-arch')
  expect(findings).toHaveLength(50)
  expect(findings.at(-1)?.message).toMatch(/\(and 150 more like it\)$/)
  expect(outcome).toMatchObject({ failure: { findings: { length: 50 } } })
})
