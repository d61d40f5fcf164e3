import { toFailure } from '@packline/shared'
import { expect, test } from 'vitest'
import { orderOf, type TestFile, treeOf } from '../../../../../test/harness/subject.ts'
import type { Order } from '../runtime.ts'
import { plan } from './plan.ts'

const GO = { name: 'Go', version: '1.26.8', path: '/usr/local/go/bin/go', binds: [] }
const CC = { name: 'gcc', version: '12.2.0', path: '/usr/bin/gcc', binds: [] }
const ZIG = { name: 'zig', version: '0.17.1', path: '/opt/my zig/zig', binds: ['/opt/my zig'] }
const MAIN = 'package main\n\nfunc Handler() {}\n\nfunc main() {}\n'
const NEEDING = 'module example.com/hello\n\ngo 1.22\n\nrequire example.com/b v1.0.0\n'

type Request = Partial<Parameters<typeof orderOf>[0]>

async function stagesOf(
  files: Record<string, TestFile>,
  request: Request = {},
  tools: Partial<Order['tools']> = { go: GO, cc: CC },
) {
  const handler = request.type === 'http' ? undefined : 'hello.Handler'
  return plan(treeOf(files), await orderOf({ runtime: 'go', handler, ...request }, tools))
}

async function failureOf(...given: Parameters<typeof stagesOf>) {
  return toFailure(await stagesOf(...given).catch((error) => error))
}

test('plain code is compiled to a plugin without network, with a go.mod of ours', async () => {
  const stages = await stagesOf({ 'main.go': MAIN })
  expect(stages).toMatchObject([
    {
      name: 'go build',
      argv: [
        '/usr/local/go/bin/go',
        'build',
        '-trimpath',
        '-buildvcs=false',
        '-buildmode=plugin',
        '-o',
        '/build/output/hello.so',
        '.',
      ],
      network: 'none',
      files: { '/build/source/go.mod': 'module function/hello\n\ngo 1.26\n' },
      failure: 'COMPILE_FAILED',
    },
  ])
  expect(stages[0]?.env).toEqual({
    HOME: '/build/home',
    PATH: '/usr/local/go/bin:/usr/bin:/bin',
    LC_ALL: 'C.UTF-8',
    GOENV: 'off',
    GOTELEMETRY: 'off',
    GOTOOLCHAIN: 'local',
    GOPATH: '/cache/go',
    GOMODCACHE: '/cache/go/mod',
    GOCACHE: '/cache/go/build',
    GOTMPDIR: '/build/home',
    GOFLAGS: '-modcacherw',
    GOWORK: 'off',
    GOOS: 'linux',
    GOARCH: 'amd64',
    GOAMD64: 'v1',
    CGO_ENABLED: '1',
    CC: '/usr/bin/gcc',
    GOPROXY: 'off',
  })
})

test('an executable is compiled without C, for either architecture', async () => {
  for (const [architecture, GOARCH] of [
    ['x86_64', 'amd64'],
    ['aarch64', 'arm64'],
  ] as const) {
    const [stage] = await stagesOf({ 'main.go': MAIN }, { handler: 'hello', architecture })
    expect(stage?.argv).toContain('/build/output/hello')
    expect(stage?.argv).not.toContain('-buildmode=plugin')
    expect(stage?.env).toMatchObject({ CGO_ENABLED: '0', GOARCH })
  }
})

test('build.mode decides where the handler could be either', async () => {
  const build = { mode: 'executable' } as const
  const [stage] = await stagesOf({ 'main.go': MAIN }, { handler: 'hello', build })
  expect(stage?.argv).toContain('/build/output/hello')
  const http = { type: 'http', build: { mode: 'plugin' } } as const
  expect(await failureOf({ 'main.go': MAIN }, http)).toMatchObject({ code: 'INVALID_REQUEST' })
})

test('code that imports C is compiled with the C compiler', async () => {
  const files = { 'main.go': 'package main\n\nimport "C"\n\nfunc main() {}\n' }
  const [stage] = await stagesOf(files, { handler: 'hello' })
  expect(stage?.env).toMatchObject({ CGO_ENABLED: '1', CC: '/usr/bin/gcc' })
})

test('what C or assembler may include from anywhere is compiled without the shared cache', async () => {
  const own = { GOCACHE: '/build/home/go-build', GOMODCACHE: '/cache/go/mod' }
  const vendored = { 'vendor/example.com/b/b.go': 'package b\n\nimport "C"\n' }
  const [plugin] = await stagesOf({ 'main.go': MAIN, ...vendored })
  expect(plugin?.env).toMatchObject(own)
  expect(plugin?.env).not.toHaveProperty('CGO_CFLAGS')
  expect(plugin?.because).toContain('vendor/example.com/b/b.go may include any file')
  const [program] = await stagesOf({ 'main.go': MAIN, ...vendored }, { handler: 'hello' })
  expect(program?.env).toMatchObject({ CGO_ENABLED: '0', GOCACHE: '/cache/go/build' })
  const assembler = { 'main.go': MAIN, 'a/x.s': '#include "../v.h"\n' }
  const [assembled] = await stagesOf(assembler, { handler: 'hello' })
  expect(assembled?.env).toMatchObject(own)
})

test('modules are fetched first, as go.sum says or without one', async () => {
  const files = { 'main.go': MAIN, 'go.mod': NEEDING }
  const [fetch, build] = await stagesOf({ ...files, 'go.sum': '' })
  expect(fetch).toMatchObject({
    name: 'go modules',
    network: 'registries',
    failure: 'INSTALL_FAILED',
  })
  expect(fetch?.argv).not.toContain('-mod=mod')
  expect(fetch?.env).not.toHaveProperty('GOPROXY')
  expect(build).toMatchObject({ network: 'none', env: { GOPROXY: 'off' } })
  const [unlocked] = await stagesOf(files)
  expect(unlocked?.argv).toContain('-mod=mod')
  expect(unlocked?.because).toBe("the worker's own; there is no go.sum")
})

test('code without go.mod that imports modules gets them, and keeps what was found', async () => {
  const source = 'package main\n\nimport "example.com/b"\n\nfunc Handler() {}\n'
  const [fetch, build] = await stagesOf({ 'main.go': source })
  expect(fetch?.files).toHaveProperty('/build/source/go.mod')
  expect(build?.files).toBeUndefined()
})

test("the module's own packages and the standard library are not fetched", async () => {
  const source =
    'package main\n\nimport (\n"net/http"\n"example.com/hello/x"\n)\n\nfunc Handler() {}\n'
  const module = 'module example.com/hello\n\ngo 1.22\n'
  expect(await stagesOf({ 'main.go': source, 'go.mod': module })).toHaveLength(1)
})

test('vendored modules are compiled as they are', async () => {
  const files = { 'main.go': MAIN, 'go.mod': NEEDING, 'vendor/modules.txt': '' }
  const stages = await stagesOf(files)
  expect(stages.map(({ network }) => network)).toEqual(['none'])
  expect(stages[0]?.argv).toContain('-mod=vendor')
})

test('a newer go line fetches that Go, an older one does not', async () => {
  const newer = { 'main.go': MAIN, 'go.mod': 'module a\n\ngo 1.27\n' }
  const [fetch, build] = await stagesOf(newer)
  expect(fetch).toMatchObject({ name: 'go toolchain', network: 'registries' })
  expect(build?.env).toMatchObject({ GOTOOLCHAIN: 'go1.27.0' })
  expect(build?.tools[0]?.version).toBe('1.27.0')
  const older = { 'main.go': MAIN, 'go.mod': 'module a\n\ngo 1.20\n' }
  expect((await stagesOf(older))[0]?.env).toMatchObject({ GOTOOLCHAIN: 'local' })
})

test("a plugin is built by the Go of the platform's host, with its answer to -trimpath", async () => {
  const order = await orderOf({ runtime: 'go', handler: 'hello.Handler' }, { go: GO, cc: CC })
  const host = { host: '1.25.1', trimpath: false, modules: {} }
  const profile = { ...order.profile, go: host }
  const stages = await plan(treeOf({ 'main.go': MAIN }), { ...order, profile })
  expect(stages.map(({ env }) => env?.GOTOOLCHAIN)).toEqual(['go1.25.1', 'go1.25.1'])
  expect(stages[1]?.because).toContain("platform's plugin host is Go 1.25.1")
  expect(stages[1]?.argv).not.toContain('-trimpath')
})

test("zig is taken before gcc, for the platform's glibc and either architecture", async () => {
  const tools = { go: GO, cc: CC, zig: ZIG }
  const request = { architecture: 'aarch64' } as const
  const [stage] = await stagesOf({ 'main.go': MAIN }, request, tools)
  expect(stage?.env?.CC).toBe("'/opt/my zig/zig' cc -target aarch64-linux-gnu.2.17")
  expect(stage?.tools.map(({ name }) => name)).toEqual(['Go', 'zig'])
})

test('what the worker lacks is said with what to install', async () => {
  const files = { 'main.go': MAIN }
  expect(await failureOf(files, {}, {})).toMatchObject({ code: 'TOOL_MISSING' })
  const noCompiler = await failureOf(files, {}, { go: GO })
  expect(noCompiler).toMatchObject({ code: 'TOOL_MISSING' })
  expect(noCompiler.hint).toContain('ziglang')
  const other = process.arch === 'arm64' ? 'x86_64' : 'aarch64'
  const foreign = await failureOf(files, { architecture: other })
  expect(foreign).toMatchObject({ code: 'TOOL_MISSING' })
  expect(foreign.detail).toContain(other)
  expect(await stagesOf(files, { handler: 'hello' }, { go: GO })).toHaveLength(1)
})

test('an HTTP function is bootstrap itself, or stands beside the one of the source', async () => {
  const files = { 'main.go': MAIN, 'go.mod': 'module example.com/web/v2\n\ngo 1.22\n' }
  const [alone] = await stagesOf(files, { type: 'http' })
  expect(alone?.argv).toContain('/build/output/bootstrap')
  const [beside] = await stagesOf({ ...files, bootstrap: '#!/bin/sh\n' }, { type: 'http' })
  expect(beside?.argv).toContain('/build/output/web')
})

test('a module in a folder is built there, the one that is asked for or the only one', async () => {
  const module = 'module example.com/hello\n\ngo 1.22\n'
  const files = { 'README.md': '', 'hello/go.mod': module, 'hello/cmd/hello/main.go': MAIN }
  const [found] = await stagesOf(files)
  expect(found).toMatchObject({ cwd: '/build/source/hello', env: { GOWORK: 'off' } })
  expect(found?.argv.at(-1)).toBe('./cmd/hello')
  const two = { ...files, 'other/go.mod': module, 'other/main.go': MAIN }
  expect((await failureOf(two)).detail).toContain('found it in hello/cmd/hello, other')
  const [asked] = await stagesOf(two, { build: { module: 'other' } })
  expect(asked).toMatchObject({ cwd: '/build/source/other' })
  expect(asked?.argv.at(-1)).toBe('.')
})

test('the modules of go.work are built as one source, which keeps sums by itself', async () => {
  const files = {
    'go.work': 'go 1.27\n\nuse ./app\nuse ./lib\n',
    'app/go.mod': NEEDING,
    'app/main.go': MAIN,
    'lib/go.mod': 'module example.com/b\n',
  }
  const [fetch, build] = await stagesOf(files)
  expect(fetch).toMatchObject({ cwd: '/build/source/app', env: { GOTOOLCHAIN: 'go1.27.0' } })
  expect(fetch?.because).toContain('go.work asks for Go 1.27')
  expect(fetch?.argv).not.toContain('-mod=mod')
  expect(build?.env).not.toHaveProperty('GOWORK')
  const vendored = { ...files, 'vendor/modules.txt': '' }
  expect((await stagesOf(vendored)).at(-1)?.argv).toContain('-mod=vendor')
  const absent = await failureOf({ ...files, 'go.work': 'use (\n./app\n./gone\n)\n' })
  expect(absent).toMatchObject({ code: 'MANIFEST_INVALID' })
  expect(absent.detail).toContain('go.work:3')
})

test('a compiler for the other architecture is taken for its code alone', async () => {
  const crossCc = { name: 'cross-gcc', version: '12.2.0', path: '/usr/bin/cross-gcc', binds: [] }
  const other = process.arch === 'arm64' ? 'x86_64' : 'aarch64'
  const own = other === 'aarch64' ? 'x86_64' : 'aarch64'
  const tools = { go: GO, cc: CC, crossCc }
  const compilerFor = async (architecture: typeof other) => {
    const [stage] = await stagesOf({ 'main.go': MAIN }, { architecture }, tools)
    return stage?.env?.CC
  }
  expect(await compilerFor(other)).toBe('/usr/bin/cross-gcc')
  expect(await compilerFor(own)).toBe('/usr/bin/gcc')
})

test('a symbol that is not there ends the build before anything is compiled', async () => {
  const missing = await failureOf({ 'main.go': 'package main\n\nfunc Other() {}\n' })
  expect(missing).toMatchObject({ code: 'ENTRY_MISSING' })
  const initializer = await failureOf({ 'main.go': MAIN }, { initializer: 'hello.Init' })
  expect(initializer.detail).toContain('expected a function Init')
})
