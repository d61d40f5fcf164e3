import { loadProfile } from '@packline/profiles'
import { beforeAll, expect, test } from 'vitest'
import { PacklineError } from './failure.ts'
import type { Profile } from './profile.ts'
import { type BuildRequestInput, buildRequestSchema } from './request.ts'
import { checkFormat, handlerOf, resolveRequest, resolveWithoutHandler } from './resolve.ts'

let profile: Profile
beforeAll(async () => {
  profile = await loadProfile('ctyun-functiongraph')
})

function resolved(request: Partial<BuildRequestInput>) {
  const source = { kind: 'inline' as const, files: { 'index.js': '' } }
  const whole = { function: 'hello', runtime: 'nodejs' as const, source, ...request }
  return resolveRequest(buildRequestSchema.parse(whole), profile)
}

function refusal(request: Partial<BuildRequestInput>): PacklineError {
  try {
    resolved(request)
  } catch (error) {
    if (error instanceof PacklineError) return error
    throw error
  }
  return expect.unreachable('it was taken')
}

test('without a version it is the profile’s default', () => {
  expect(resolved({ handler: 'index.handler' }).version).toBe('20.15')
  expect(resolved({ runtime: 'python', handler: 'index.handler' }).version).toBe('3.10')
})

test('a version that the platform has not is refused with those it has', () => {
  const error = refusal({ handler: 'index.handler', version: '99' })
  expect(error.code).toBe('UNKNOWN_VERSION')
  expect(error.message).toContain('"99"')
  expect(error.message).toContain('20.15')
})

test('a handler has the form of its runtime, in 3 to 128 characters', () => {
  expect(refusal({}).message).toContain('handler is missing')
  expect(refusal({ handler: 'a.' }).message).toContain('2 characters')
  expect(refusal({ handler: 'index' })).toMatchObject({ code: 'HANDLER_FORM' })
  expect(refusal({ handler: 'index' }).message).toContain('index.handler')
  expect(resolved({ handler: `${'f'.repeat(124)}.abc` }).handler).toHaveLength(128)
})

test('a handler that is too short is mended by one that is long enough, in every form', () => {
  const hints = (['nodejs', 'java', 'go', 'custom'] as const).map((runtime) => {
    const { hint, zh } = refusal({ runtime, handler: 'x' })
    return [hint, zh?.hint]
  })
  expect(hints).toEqual([
    [
      'Write 3 to 128 characters: file.function, such as index.handler.',
      '请写 3 到 128 个字符：文件.函数，例如 index.handler。',
    ],
    [
      'Write 3 to 128 characters: package.Class.method, such as com.example.Hello.handle.',
      '请写 3 到 128 个字符：包.类.方法，例如 com.example.Hello.handle。',
    ],
    [expect.stringMatching(/^Write 3 to 128 characters: /), expect.stringContaining('3 到 128')],
    [
      'Write 3 to 128 characters: any text, handed to the program.',
      '请写 3 到 128 个字符：任意文本，会交给程序。',
    ],
  ])
})

test('without a handler that anybody knows, all else of a request is held', () => {
  const without = (request: Partial<BuildRequestInput>) => {
    const source = { kind: 'inline' as const, files: { a: '' } }
    const whole = { function: 'hello', runtime: 'java' as const, source, ...request }
    return resolveWithoutHandler(buildRequestSchema.parse(whole), profile)
  }
  const bare = without({ handler: 'x', initializer: 'y' })
  expect(bare).toMatchObject({ runtime: 'java', version: expect.any(String) })
  expect([bare.handler, bare.initializer]).toEqual([undefined, undefined])
  expect(() => without({ version: '99' })).toThrow(/"99"/)
  expect(() => without({ runtime: 'custom', dependencies: ['a'] })).toThrow(/no dependency/)
  expect(() => without({ build: { bundle: true } })).toThrow(/build.bundle/)
  expect(() => without({ type: 'http', handler: 'index.handler' })).toThrow(/HTTP function/)
})

test('an HTTP function has no handler', () => {
  expect(resolved({ type: 'http' }).handler).toBeUndefined()
  expect(refusal({ type: 'http', handler: 'index.handler' }).hint).toContain('bootstrap')
  expect(handlerOf(resolved({ type: 'http' }), profile)).toBeUndefined()
})

test('the initializer is in the handler’s file', () => {
  const handler = 'index.handler'
  expect(resolved({ handler, initializer: 'index.start' }).initializer).toBe('index.start')
  expect(refusal({ handler, initializer: 'other.start' }).message).toContain('one file')
  expect(refusal({ runtime: 'go', handler: 'hello', initializer: 'hella' }).code).toBe(
    'HANDLER_FORM',
  )
})

test('Go’s build mode says which of the forms it is', () => {
  const mode = 'executable' as const
  expect(refusal({ runtime: 'go', handler: 'hello.Handler', build: { mode } })).toMatchObject({
    code: 'HANDLER_FORM',
  })
  expect(resolved({ runtime: 'go', handler: 'hello', build: { mode } }).build.mode).toBe(mode)
})

test('only Java takes a JAR', () => {
  expect(() => checkFormat('jar', { runtime: 'java' })).not.toThrow()
  expect(() => checkFormat('zip', { runtime: 'python' })).not.toThrow()
  expect(() => checkFormat('jar', { runtime: 'python' })).toThrow(/Python takes a ZIP/)
})

test('a runtime or an architecture that the installation has not is refused with those it has', () => {
  const { go, ...runtimes } = profile.runtimes
  const small: Profile = { ...profile, runtimes, architectures: ['x86_64'] }
  const source = { kind: 'inline' as const, files: { a: '' } }
  const ask = (request: Pick<BuildRequestInput, 'runtime' | 'handler' | 'architecture'>) => () =>
    resolveRequest(buildRequestSchema.parse({ function: 'hello', source, ...request }), small)
  expect(go).toBeDefined()
  expect(ask({ runtime: 'go', handler: 'hello.Handler' })).toThrow(
    expect.objectContaining({
      code: 'UNKNOWN_RUNTIME',
      at: 'runtime',
      message: expect.stringMatching(/runtime is "go"; .* nodejs, python, java, custom/),
    }),
  )
  const arm = { runtime: 'nodejs', handler: 'index.handler', architecture: 'aarch64' } as const
  expect(ask(arm)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST', at: 'architecture' }))
})

test('characters are counted as people count them', () => {
  // Each of these takes two code units.
  const name = '𠮷'.repeat(124)
  expect(resolved({ handler: `${name}.abc` }).handler).toHaveLength(124 * 2 + 4)
  expect(refusal({ handler: `${name}𠮷.abc` }).message).toContain('129 characters')
})

test.each([
  ['python', 'index.handler', 'index.init', 'src/index.init'],
  ['java', 'com.example.Hello.handle', 'com.example.Hello.init', 'com.example.Other.init'],
  ['go', 'hello.Handler', 'hello.Init', 'other.Init'],
  ['go', 'hello', 'hello', 'hello.Init'],
] as const)(
  '%s: with the handler %s the initializer is %s, not %s',
  (runtime, handler, right, wrong) => {
    expect(resolved({ runtime, handler, initializer: right }).initializer).toBe(right)
    expect(refusal({ runtime, handler, initializer: wrong })).toMatchObject({
      code: 'HANDLER_FORM',
      at: 'initializer',
    })
  },
)

test('an initializer of the wrong form is told as one; HTTP functions have none', () => {
  expect(refusal({ handler: 'index.handler', initializer: 'start' }).at).toBe('initializer')
  expect(refusal({ type: 'http', initializer: 'index.start' }).message).toContain('no initializer')
  const any = resolved({ runtime: 'custom', handler: 'anything', initializer: 'something else' })
  expect(any.initializer).toBe('something else')
})

test('what a runtime can not do is refused, not passed over', () => {
  const build = { command: ['make'] }
  expect(resolved({ runtime: 'custom', handler: 'any', build }).build.command).toEqual(['make'])
  for (const runtime of ['nodejs', 'go'] as const) {
    const handler = runtime === 'go' ? 'hello' : 'index.handler'
    expect(refusal({ runtime, handler, build })).toMatchObject({
      code: 'INVALID_REQUEST',
      at: 'build.command',
      message: `build.command is for Custom; runtime is "${runtime}"`,
    })
  }
  const module = { module: 'services/hello' }
  expect(resolved({ runtime: 'go', handler: 'hello', build: module }).build).toMatchObject(module)
  const python = { runtime: 'python', handler: 'index.handler' } as const
  expect(refusal({ ...python, build: module }).message).toContain('Java, Go, Node.js')
  const source = { kind: 'upload' as const, upload: 'a'.repeat(64), as: 'package' as const }
  expect(refusal({ runtime: 'custom', handler: 'any', build, source }).at).toBe('build.command')
})

const handler = 'index.handler'

test('what is for Node.js alone is not ignored elsewhere', () => {
  const python = { runtime: 'python' as const, handler }
  for (const build of [{ bundle: true }, { installScripts: true }]) {
    expect(resolved({ handler, build }).build).toMatchObject(build)
    const error = refusal({ ...python, build })
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', at: `build.${Object.keys(build)[0]}` })
  }
  expect(resolved({ ...python, build: { bundle: false } }).build.bundle).toBe(false)
})

test('a source map needs a bundle, and a bundle a source', () => {
  expect(refusal({ handler, build: { sourceMap: true } }).at).toBe('build.sourceMap')
  const files = { 'index.js': '' }
  const source = { kind: 'inline', files, as: 'package' } as const
  expect(refusal({ handler, source, build: { bundle: true } }).at).toBe('build.bundle')
})
