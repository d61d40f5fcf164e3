import { openArchive } from '@packline/archive'
import { registryAccess } from '@packline/engine'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'

const LIMITS = { entriesMax: 10_000, unpackedBytesMax: 1e8, ratioMax: 1100 }

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
})
afterAll(() => engine.close())

type Files = Record<string, string>

async function built(files: Files, more: Partial<BuildRequestInput> = {}): Promise<TestBuild> {
  const source = { kind: 'inline', files } as const
  const handler = 'index.handler'
  return engine.build({ function: 'hello', runtime: 'nodejs', handler, source, ...more })
}

async function entriesOf({ path, outcome }: TestBuild): Promise<string[]> {
  if (path === undefined) throw new Error(`it failed: ${JSON.stringify(outcome)}`)
  const archive = await openArchive({ path }, { limits: LIMITS })
  await archive.close()
  return archive.entries.map((entry) =>
    entry.linkTarget === undefined ? entry.path : `${entry.path} -> ${entry.linkTarget}`,
  )
}

function failureOf({ outcome }: TestBuild) {
  if (outcome.status !== 'failed') throw new Error('the build did not fail')
  return outcome.failure
}

/** A function that can only be loaded where its dependency was installed. */
const using = (name: string, manifest: object) => ({
  'index.js': `const it = require('${name}')\nexports.handler = () => it\n`,
  'package.json': JSON.stringify(manifest),
})
const MS = { dependencies: { ms: '2.1.3' } }

describe('without a dependency', () => {
  test('no tool is run, and nothing but the source is packed', async () => {
    const files = { 'index.mjs': 'export const handler = () => 1\n', 'package.json': '{}' }
    const build = await built(files)
    expect(await entriesOf(build)).toEqual(['index.mjs', 'package.json'])
    expect(build.events.filter(({ type }) => type === 'stage')).toEqual([])
    expect(build.outcome.report.tools.map(({ name }) => name)).toEqual(['load check'])
  })

  test('a module that throws when it is loaded is told with its file and line', async () => {
    const files = {
      'index.js': "require('./lib/config')\nexports.handler = () => 1\n",
      'lib/config.js': '\nthrow new RangeError("没有配置")\n',
    }
    const { outcome } = await built(files)
    const [finding] = outcome.report.findings
    expect(finding).toMatchObject({ rule: 'handler-exists', path: 'lib/config.js', line: 2 })
    expect(finding?.message).toContain('RangeError: 没有配置')
  })

  test('a module that never ends is stopped, and its build with it', async () => {
    const files = { 'index.js': 'for (;;);\nexports.handler = () => 1\n' }
    const build = await built(files, { build: { timeoutSeconds: 2 } })
    expect(build.outcome.report.findings[0]?.message).toMatch(/ran for 2 s, its limit/)
  })
})

describe('with npm', () => {
  beforeEach((context) => needs(context, 'npm'))

  test('what is declared is installed and loaded, without a lock file or a trace of npm', async () => {
    const files = { ...using('ms', MS), '.npmrc': 'fund=false\n' }
    const build = await built(files)
    expect(build.outcome.report.verdict.verdict).toMatch(/^(proved|checked)$/)
    expect((await entriesOf(build)).filter((path) => !path.startsWith('node_modules/ms/'))).toEqual(
      ['index.js', 'package.json'],
    )
    expect(build.outcome.report.tools[0]).toMatchObject({ name: 'npm' })
  })

  test('folders of the source and workspaces are there, with what they need', async () => {
    const files = {
      ...using('lib', { dependencies: { lib: 'file:lib' }, workspaces: ['packages/*'] }),
      'lib/index.js': 'exports.ms = require("ms")\nexports.own = require("own")\n',
      'lib/package.json': JSON.stringify({ name: 'lib', version: '1.0.0', ...MS }),
      'packages/own/index.js': 'module.exports = 1\n',
      'packages/own/package.json': JSON.stringify({ name: 'own', version: '1.0.0' }),
    }
    const build = await built(files)
    expect(await entriesOf(build)).toEqual(
      expect.arrayContaining(['node_modules/lib/index.js', 'node_modules/own/index.js']),
    )
    expect(build.outcome.report.findings).toEqual([])
  })

  test('a lock file of npm 6 is followed', async () => {
    const integrity =
      'sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA=='
    const names = { name: 'x', version: '1.0.0' }
    const lock = {
      ...names,
      lockfileVersion: 1,
      dependencies: { ms: { version: '2.1.3', integrity } },
    }
    const manifest = { ...names, ...MS }
    const build = await built({
      ...using('ms', manifest),
      'package-lock.json': JSON.stringify(lock),
    })
    expect(build.outcome.status).toBe('succeeded')
    expect(build.events).toContainEqual(expect.objectContaining({ stage: 'npm ci' }))
  })

  test.each([
    ['a name', { 'packline-no-such-dependency': '1.0.0' }, 'packline-no-such-dependency'],
    ['a version', { ms: '99.0.0' }, 'ms@99.0.0'],
    ['a folder', { lib: 'file:./lib' }, '"lib" is "file:./lib"'],
  ])('a dependency that does not exist by %s is named', async (_by, dependencies, name) => {
    const failure = failureOf(await built(using('ms', { dependencies })))
    expect(failure).toMatchObject({ code: 'DEPENDENCY_NOT_FOUND', blame: 'caller', step: 'make' })
    expect(failure.detail).toContain(name)
  })

  test('a lock file that says something else is told with what is missing from it', async () => {
    const lock = { lockfileVersion: 3, packages: { '': { dependencies: { ms: '2.1.2' } } } }
    const files = { ...using('ms', MS), 'package-lock.json': JSON.stringify(lock) }
    const failure = failureOf(await built(files))
    expect(failure).toMatchObject({ code: 'INSTALL_FAILED', blame: 'caller' })
    expect(failure.detail).toContain('do not agree')
    expect(failure.output?.join('\n')).toContain('ms@2.1.3')
  })

  test('a registry that is away is nobody’s mistake', async () => {
    const { of: given } = engine.registries
    const { of } = await registryAccess({ npm: { registry: 'http://127.0.0.1:9/' } })
    Object.assign(engine.registries, { of })
    const failure = failureOf(await built(using('ms', MS)))
    Object.assign(engine.registries, { of: given })
    expect(failure).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', blame: 'platform' })
    expect(failure.detail).toContain('npm install')
  })

  test('a registry of .npmrc is asked where the operator allows it, and else named', async () => {
    const files = { ...using('ms', MS), '.npmrc': 'registry=http://127.0.0.1:9/\n' }
    const failure = failureOf(await built(files))
    const isFenced = engine.isolation.kind !== 'none'
    if (!isFenced) expect(failure).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
    else expect(failure).toMatchObject({ code: 'INSTALL_FAILED', blame: 'caller' })
    if (isFenced) expect(failure.detail).toContain('127.0.0.1:9')
  })
})
