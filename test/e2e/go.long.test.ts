import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadProfile } from '@packline/profiles'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'

let engine: TestEngine
let folder: string
beforeAll(async () => {
  const profile = await loadProfile('ctyun-functiongraph')
  // As new as any compiler here wants: what target-libc says of an older one, fixtures show.
  engine = await testEngine({
    profile: { ...profile, glibc: { version: '2.38', level: 'warning' } },
  })
  folder = await mkdtemp(join(tmpdir(), 'packline-go-'))
})
afterAll(async () => {
  await engine?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})
beforeEach((context) => needs(context, 'go', 'compiler', 'unzip'))

type Files = Record<string, string>
type Request = Partial<Omit<BuildRequestInput, 'source'>>

function build(files: Files, request: Request = {}, on = engine): Promise<TestBuild> {
  const handler = request.type === 'http' ? undefined : 'hello.Handler'
  const source = { kind: 'inline', files } as const
  return on.build({ function: 'hello', runtime: 'go', handler, source, ...request })
}

function succeeded({ outcome }: TestBuild) {
  if (outcome.status === 'failed') throw new Error(JSON.stringify(outcome.failure, null, 2))
  return outcome
}

function failed({ outcome }: TestBuild) {
  if (outcome.status === 'succeeded') throw new Error('it was built')
  return outcome.failure
}

function listed({ path = '' }: TestBuild): string[] {
  return execFileSync('unzip', ['-Z1', path], { encoding: 'utf8' }).trim().split('\n')
}

const PLUGIN = `package main

import "encoding/json"

// Handler 回答。
func Handler(payload []byte, ctx interface{}) (interface{}, error) {
	var event map[string]interface{}
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	return event["name"], nil
}

var Initialize = func(ctx interface{}) error { return nil }
`
const PROGRAM = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("你好") }\n'

test('a plugin is loaded by a host of the same Go, and the host of the platform is in doubt', async () => {
  const made = await build({ 'hello.go': PLUGIN }, { initializer: 'hello.Initialize' })
  const { report } = succeeded(made)
  expect(listed(made)).toEqual(['hello.so'])
  const version = engine.tools.go?.version
  expect(report.verdict.verdict).toBe('checked')
  expect(report.verdict.because).toContain(`loaded by Go ${version}; go-host: proved only against`)
  expect(report.findings).toMatchObject([{ rule: 'go-host', level: 'warning', path: 'hello.so' }])
  const compiler = engine.tools.zig ?? engine.tools.cc
  expect(report.tools.map(({ name }) => name)).toEqual(['Go', compiler?.name, 'load check'])
})

test('a profile that names the same Go makes it proved', async () => {
  const go = { host: engine.tools.go?.version, trimpath: true, modules: {} }
  const known = await testEngine({ profile: { ...engine.profile, go } })
  const { report } = succeeded(await build({ 'hello.go': PLUGIN }, {}, known))
  await known.close()
  expect(report.verdict).toMatchObject({ verdict: 'proved' })
  expect(report.findings).toEqual([])
})

test('the same source makes the same bytes, with warm caches and with none', async () => {
  const files = { 'hello.go': PLUGIN, 'go.mod': 'module example.com/hello\n\ngo 1.18\n' }
  const request = { build: { load: false } }
  const warm = succeeded(await build(files, request))
  const { profile } = engine
  const cold = await testEngine({ cacheFolder: join(folder, 'cold'), profile })
  const other = succeeded(await build(files, { ...request, function: 'other' }, cold))
  await cold.close()
  expect(other.package.sha256).toBe(warm.package.sha256)
  expect(other.report.buildKey).toBe(warm.report.buildKey)
}, 300_000)

test('an executable stands at the root under its name, with the files that it may read', async () => {
  const files = {
    'cmd/hello/main.go': PROGRAM,
    'lib.go': 'package lib\n',
    'lib_test.go': 'package lib\n',
    'go.mod': 'module example.com/app\n\ngo 1.18\n',
    'templates/a.html': '<p>',
    'testdata/x': 'x',
    hello: 'what the source has under that name gives way',
  }
  const made = await build(files, { handler: 'hello' })
  const { report } = succeeded(made)
  expect(listed(made)).toEqual(['hello', 'templates/a.html'])
  expect(report.verdict).toMatchObject({ verdict: 'proved' })
  expect(report.verdict.because).toContain(`made by Go ${engine.tools.go?.version}`)
  execFileSync('unzip', ['-q', made.path ?? '', '-d', join(folder, 'run')])
  expect(execFileSync(join(folder, 'run/hello'), { encoding: 'utf8' })).toBe('你好\n')
})

test('an executable for the other architecture is built, and said not to be loaded', async () => {
  const architecture = process.arch === 'arm64' ? 'x86_64' : 'aarch64'
  const made = await build({ 'main.go': PROGRAM }, { handler: 'hello', architecture })
  expect(succeeded(made).report.verdict).toMatchObject({ verdict: 'not-loaded' })
})

test('code that calls C is compiled with it', async () => {
  const source = `package main

// int twice(int n) { return 2 * n; }
import "C"

func main() { println(C.twice(21)) }
`
  const { report } = succeeded(await build({ 'main.go': source }, { handler: 'hello' }))
  expect(report.verdict.verdict).toBe('proved')
})

// net alone compiles in a tenth of the time that net/http takes on an empty cache.
const SERVER = `package main

import "net"

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:8000")
	for err == nil {
		connection, _ := listener.Accept()
		connection.Read(make([]byte, 1024))
		connection.Write([]byte("HTTP/1.0 200 OK\\r\\n\\r\\nok"))
		connection.Close()
	}
}
`

test('an HTTP function answers, as bootstrap itself or started by it', async () => {
  const alone = await build({ 'main.go': SERVER }, { type: 'http' })
  expect(succeeded(alone).report.verdict.verdict).toBe('proved')
  expect(listed(alone)).toEqual(['bootstrap'])
  const files = {
    'main.go': SERVER,
    'go.mod': 'module example.com/web\n\ngo 1.18\n',
    bootstrap: '#!/bin/sh\nexec ./web\n',
  }
  const beside = await build(files, { type: 'http' })
  expect(succeeded(beside).report.verdict.verdict).toBe('proved')
  expect(listed(beside)).toEqual(['bootstrap', 'web'])
})

test('code that does not compile fails with the lines of the compiler', async () => {
  const source = PLUGIN.replace('event["name"]', 'evnt["name"]').replace('return nil, err', 'retrn')
  const failure = failed(await build({ 'hello.go': source }))
  expect(failure).toMatchObject({ code: 'COMPILE_FAILED', step: 'make', blame: 'caller' })
  expect(failure.detail).toBe('hello.go:9:3: undefined: retrn (and 1 more)')
  expect(failure.output?.join('\n')).toContain('./hello.go:11:9: undefined: evnt')
})

test('a syntax error and two packages in one folder are compile errors too', async () => {
  const syntax = failed(await build({ 'a.go': 'package main\n\nfunc Handler( {\n}\n' }))
  expect(syntax).toMatchObject({ code: 'COMPILE_FAILED' })
  expect(syntax.detail).toMatch(/^a\.go:3:\d+: syntax error/)
  const two = failed(await build({ 'a.go': PLUGIN, 'b.go': 'package other\n' }))
  expect(two.code).toBe('COMPILE_FAILED')
  expect(two.detail).toContain('found packages main (a.go) and other (b.go)')
})

test('a symbol that is not there fails before the compiler is started', async () => {
  const made = await build({ 'hello.go': PLUGIN }, { handler: 'hello.Handle' })
  expect(failed(made)).toMatchObject({ code: 'ENTRY_MISSING' })
  expect(made.events.some(({ type }) => type === 'stage')).toBe(false)
})

test('a plugin that can not be opened fails with what it says', async () => {
  const panics = `${PLUGIN}\nfunc init() { panic("no database") }\n`
  const failure = failed(await build({ 'hello.go': panics }))
  expect(failure).toMatchObject({ code: 'VALIDATION_FAILED', step: 'validate' })
  expect(failure.detail).toContain('its init panics: no database')
  const value = PLUGIN.replace('func Handler', 'func handle').concat('\nvar Handler = 1\n')
  expect(failed(await build({ 'hello.go': value })).detail).toContain('Handler is a *int')
  const ends = `${PLUGIN.replace('import', 'import "os"\nimport')}\nfunc init() { os.Exit(3) }\n`
  expect(failed(await build({ 'hello.go': ends })).detail).toContain('exit code 3')
})
