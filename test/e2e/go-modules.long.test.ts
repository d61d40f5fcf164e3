import { execFileSync } from 'node:child_process'
import { registryAccess } from '@packline/engine'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { type ModuleProxy, serveModules } from '../harness/module-proxy.ts'
import { needs } from '../harness/needs.ts'

const GREET = { 'greet.go': 'package greet\n\nconst Word = "Hello"\n' }
const MODULES = {
  'example.com/greet@v1.0.0': { ...GREET, 'go.mod': 'module example.com/greet\n\ngo 1.18\n' },
  'example.com/newer@v1.0.0': { ...GREET, 'go.mod': 'module example.com/newer\n\ngo 1.99\n' },
}

let proxy: ModuleProxy
let engine: TestEngine
beforeAll(async () => {
  proxy = await serveModules(MODULES)
  engine = await engineWith(proxy.url)
})
afterAll(async () => {
  await engine?.close()
  await proxy?.close()
})
beforeEach((context) => needs(context, 'go', 'unzip'))

async function engineWith(proxyUrl: string): Promise<TestEngine> {
  // A module that is in the cache would be found without asking: every engine has its own.
  return testEngine({ registries: await registryAccess({ go: { proxy: proxyUrl, sumdb: 'off' } }) })
}

const SOURCE = `package main

import "example.com/greet"

func main() { print(greet.Word) }
`
const MODULE = 'module example.com/hello\n\ngo 1.18\n'
const REQUIRED = `${MODULE}\nrequire example.com/greet v1.0.0\n`

function build(files: Record<string, string>, on = engine): Promise<TestBuild> {
  const source = { kind: 'inline', files: { 'main.go': SOURCE, ...files } } as const
  return on.build({ function: 'hello', runtime: 'go', handler: 'hello', source })
}

async function failureOf(files: Record<string, string>, on = engine) {
  const { outcome } = await build(files, on)
  if (outcome.status === 'succeeded') throw new Error('it was built')
  return outcome.failure
}

async function shaOf(files: Record<string, string>): Promise<string> {
  const { outcome } = await build(files)
  if (outcome.status === 'failed') throw new Error(JSON.stringify(outcome.failure, null, 2))
  return outcome.package.sha256
}

test('a module comes from the proxy with or without go.mod and go.sum, to the same bytes', async () => {
  const made = await build({ 'go.mod': REQUIRED })
  expect(made.outcome.status).toBe('succeeded')
  expect(made.log).toContain('example.com/greet v1.0.0')
  expect(made.events.filter(({ type }) => type === 'stage')).toMatchObject([
    { stage: 'go modules' },
    { stage: 'go build' },
  ])
  const listed = execFileSync('unzip', ['-Z1', made.path ?? ''], { encoding: 'utf8' })
  expect(listed).toBe('hello\n')
  // Nothing is required by name: it is found by what the code imports.
  expect(await shaOf({ 'go.mod': MODULE })).toBe(await shaOf({ 'go.mod': REQUIRED }))
  expect(await shaOf({})).toMatch(/^[0-9a-f]{64}$/)
})

test('vendored modules are compiled without asking anybody', async () => {
  const vendored = {
    'go.mod': REQUIRED,
    'vendor/modules.txt': '# example.com/greet v1.0.0\n## explicit; go 1.18\nexample.com/greet\n',
    'vendor/example.com/greet/greet.go': GREET['greet.go'],
  }
  const before = proxy.requests.length
  expect((await build(vendored)).outcome.status).toBe('succeeded')
  expect(proxy.requests).toHaveLength(before)
})

test('a module or version that does not exist is named', async () => {
  const none = await failureOf({
    'main.go': SOURCE.replaceAll('example.com/greet', 'example.com/none'),
  })
  expect(none).toMatchObject({ code: 'DEPENDENCY_NOT_FOUND', step: 'make', blame: 'caller' })
  expect(none.detail).toContain('example.com/none')
  const version = await failureOf({ 'go.mod': REQUIRED.replace('v1.0.0', 'v1.2.3') })
  expect(version.code).toBe('DEPENDENCY_NOT_FOUND')
  expect(version.detail).toContain('example.com/greet@v1.2.3')
  const locked = await failureOf({ 'go.mod': MODULE, 'go.sum': '' })
  expect(locked.code).toBe('DEPENDENCY_NOT_FOUND')
  expect(locked.detail).toContain('example.com/greet')
})

test('a package that is in no module says so', async () => {
  const source = 'package main\n\nimport "no/such/package"\n\nfunc main() { package.X() }\n'
  const failure = await failureOf({ 'main.go': source.replace('package.X()', '') })
  expect(failure).toMatchObject({ code: 'DEPENDENCY_NOT_FOUND' })
  expect(failure.detail).toContain('no/such/package')
})

test('a go.sum that lacks or contradicts a module is not passed over', async () => {
  const lacking = await failureOf({ 'go.mod': REQUIRED, 'go.sum': '' })
  expect(lacking).toMatchObject({ code: 'INSTALL_FAILED' })
  expect(lacking.detail).toContain('go.sum has no entry for example.com/greet')
  const zeros = `${'A'.repeat(43)}=`
  const sums = ['', '/go.mod'].map((of) => `example.com/greet v1.0.0${of} h1:${zeros}\n`).join('')
  const other = await failureOf({ 'go.mod': REQUIRED, 'go.sum': sums })
  expect(other).toMatchObject({ code: 'INSTALL_FAILED' })
  expect(other.detail).toContain('is not what go.sum says')
})

test('a proxy that is away is worth another attempt', async () => {
  const away = await serveModules({})
  await away.close()
  const cut = await engineWith(away.url)
  const required = REQUIRED.replace('v1.0.0', 'v1.9.9')
  const failure = await failureOf({ 'go.mod': required }, cut)
  await cut.close()
  expect(failure).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', blame: 'platform' })
})

test('a go.mod that does not parse is told by its line', async () => {
  const failure = await failureOf({ 'go.mod': 'module example.com/hello\n\ngo one\n' })
  expect(failure).toMatchObject({ code: 'MANIFEST_INVALID' })
  expect(failure.detail).toMatch(/^go\.mod:3: invalid go version/)
})

test('a Go that can not be had ends the build and names both versions', async () => {
  const own = await failureOf({ 'go.mod': MODULE.replace('1.18', '1.99') })
  expect(own).toMatchObject({ code: 'TOOL_MISSING' })
  expect(own.detail).toMatch(
    new RegExp(`Go 1\\.99\\.0 can not be had: .*this worker has Go ${engine.tools.go?.version}`),
  )
  const source = SOURCE.replaceAll('example.com/greet', 'example.com/newer')
  const required = `${MODULE}\nrequire example.com/newer v1.0.0\n`
  const theirs = await failureOf({ 'main.go': source, 'go.mod': required })
  expect(theirs).toMatchObject({ code: 'TOOL_MISSING' })
  expect(theirs.detail).toContain('Go 1.99')
})
