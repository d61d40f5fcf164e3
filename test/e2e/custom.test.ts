import { createHash } from 'node:crypto'
import { openArchive, writeZip } from '@packline/archive'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'
import { type TestFile, treeOf } from '../harness/subject.ts'

const LIMITS = { entriesMax: 1000, unpackedBytesMax: 1e8, ratioMax: 1100 }

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
})
afterAll(() => engine.close())

type Files = Extract<BuildRequestInput['source'], { kind: 'inline' }>['files']

async function built(files: Files, more: Partial<BuildRequestInput> = {}): Promise<TestBuild> {
  const handler = more.type === 'http' ? undefined : 'hello'
  const source = { kind: 'inline', files } as const
  return engine.build({ function: 'hello', runtime: 'custom', handler, source, ...more })
}

async function uploaded(files: Record<string, TestFile>): Promise<TestBuild & { sent: Buffer }> {
  const tree = treeOf(files)
  const entries = tree.files.map((file) => tree.entry(file))
  const { content } = await writeZip(entries, { memory: true, bytesMax: 1e8 })
  const sent = 'bytes' in content ? content.bytes : Buffer.alloc(0)
  const upload = createHash('sha256').update(sent).digest('hex')
  const source = { kind: 'upload', upload } as const
  const request = { function: 'hello', runtime: 'custom', handler: 'hello', source } as const
  return { ...(await engine.build(request, { uploads: { [upload]: sent } })), sent }
}

function failureOf({ outcome }: TestBuild) {
  if (outcome.status !== 'failed') throw new Error('the build did not fail')
  return outcome.failure
}

describe('an event function', () => {
  test('is packed with an executable bootstrap and proved by what it is', async () => {
    const build = await built({ bootstrap: '#!/bin/sh\necho 你好\n', 'data/名字.txt': '数据' })
    expect(build.outcome).toMatchObject({
      status: 'succeeded',
      report: { verdict: { verdict: 'proved' }, findings: [] },
    })
    const archive = await openArchive({ path: build.path ?? '' }, { limits: LIMITS })
    expect(archive.entries.map(({ path, mode }) => [path, (mode ?? 0) & 0o777])).toEqual([
      ['bootstrap', 0o755],
      ['data/名字.txt', 0o644],
    ])
    await archive.close()
  })

  test('with Windows line ends fails with the rule, the line and the way out', async () => {
    const failure = failureOf(await built({ bootstrap: '#!/bin/sh\r\necho\r\n' }))
    expect(failure).toMatchObject({ code: 'VALIDATION_FAILED', blame: 'caller' })
    expect(failure.findings).toMatchObject([{ rule: 'bootstrap', path: 'bootstrap', line: 1 }])
    expect(failure.hint).toContain('LF')
  })

  test('without bootstrap at the root fails, naming where it lies', async () => {
    const failure = failureOf(await built({ 'bin/bootstrap': '#!/bin/sh\n', 'a.txt': '' }))
    expect(failure.findings).toMatchObject([{ rule: 'entry-at-root' }])
    expect(failure.hint).toContain('bin/bootstrap')
  })

  test('an upload without the executable bit is mended, one with it passes through', async () => {
    const bytes = Buffer.from('#!/bin/sh\n')
    const mended = await uploaded({ bootstrap: { bytes, executable: false } })
    expect(mended.outcome.report.mended).toEqual(['bootstrap made executable'])
    const whole = await uploaded({ bootstrap: { bytes, executable: true } })
    expect(whole.outcome).toMatchObject({
      status: 'succeeded',
      report: { as: 'package', mended: [] },
      package: { sha256: createHash('sha256').update(whole.sent).digest('hex') },
    })
  })
})

describe('an HTTP function', () => {
  // Node.js is what every worker has; the path is the platform's own.
  const NODE = '/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node'
  const SERVER = `require('http').createServer((request, response) => {
    response.statusCode = 404
    response.end('没有')
  }).listen(8000, '127.0.0.1')`

  test("is started as in the vendor's samples, and any answer is one", async (context) => {
    needs(context, 'sandbox')
    const bootstrap = `${NODE} $RUNTIME_CODE_ROOT/index.js\n`
    const { outcome } = await built({ bootstrap, 'index.js': SERVER }, { type: 'http' })
    expect(outcome).toMatchObject({
      status: 'succeeded',
      report: { findings: [{ rule: 'bootstrap', level: 'warning', line: 1 }] },
    })
    const { verdict, because } = outcome.report.verdict
    expect(verdict).toMatch(/^(proved|checked)$/)
    expect(because).toMatch(/its own bootstrap with Node\.js \d+/)
  })

  test('that ends before its port answers is an error or, elsewhere, a warning', async (context) => {
    needs(context, 'sandbox')
    const { outcome } = await built({ bootstrap: '#!/bin/sh\nexit 3\n' }, { type: 'http' })
    expect(outcome).toMatchObject({ status: 'failed', failure: { code: 'VALIDATION_FAILED' } })
    expect(failureOf({ outcome } as TestBuild).detail).toContain('(exit code 3)')
  })

  test('is not loaded where nothing stands in for its interpreter', async () => {
    const bootstrap = '#!/bin/sh\nexec /opt/function/runtime/php8.3/rtsp/php/bin/php -S :8000\n'
    const { outcome } = await built({ bootstrap }, { type: 'http' })
    expect(outcome).toMatchObject({
      status: 'succeeded',
      report: { verdict: { verdict: 'not-loaded', because: expect.stringContaining('php8.3') } },
    })
  })
})
