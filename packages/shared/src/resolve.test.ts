import { loadProfile } from '@packline/profiles'
import { beforeAll, expect, test } from 'vitest'
import { PacklineError } from './failure.ts'
import type { Profile } from './profile.ts'
import { type BuildRequestInput, buildRequestSchema } from './request.ts'
import { checkFormat, handlerOf, resolveRequest } from './resolve.ts'

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
