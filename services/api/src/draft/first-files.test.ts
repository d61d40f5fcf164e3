import { loadProfile } from '@packline/profiles'
import type { FunctionSettings } from '@packline/shared'
import { expect, test } from 'vitest'
import { checkTemplate } from './first-files.ts'

const SETTINGS: FunctionSettings = {
  type: 'event',
  runtime: 'nodejs',
  version: '20.15',
  architecture: 'x86_64',
  handler: 'index.handler',
  build: { load: true, timeoutSeconds: 900 },
}

const profile = await loadProfile('ctyun-functiongraph')
const check = (changes: Partial<FunctionSettings>) => {
  const { runtime = SETTINGS.runtime } = changes
  const version = profile.runtimes[runtime]?.default ?? ''
  return checkTemplate({ ...SETTINGS, version, ...changes }, profile)
}

test.each<[Partial<FunctionSettings>, string[]]>([
  [{}, ['index.js']],
  [{ handler: 'src/app.main' }, ['src/app.js']],
  [{ type: 'http', handler: undefined }, ['bootstrap', 'server.js']],
  [{ runtime: 'python' }, ['index.py']],
  [{ runtime: 'python', handler: 'a.b', initializer: 'a.c' }, ['a.py']],
  [{ runtime: 'custom', handler: 'any text at all' }, ['bootstrap']],
])('a function of %j has first files that fit it', (changes, paths) => {
  expect(Object.keys(check(changes))).toEqual(paths)
})

test.each<[Partial<FunctionSettings>, string, string]>([
  [{ runtime: 'java', handler: 'a.B.c' }, 'EDIT_REFUSED', 'rule online-edit'],
  [{ runtime: 'go', handler: 'hello' }, 'EDIT_REFUSED', 'rule online-edit'],
  [{ runtime: 'python', type: 'http', handler: undefined }, 'INVALID_REQUEST', 'No template fits'],
  [{ runtime: 'custom', type: 'http', handler: undefined }, 'INVALID_REQUEST', 'No template fits'],
])('a function of %j has none, and is told why', (changes, code, text) => {
  expect(() => check(changes)).toThrow(
    expect.objectContaining({ code, at: 'template', message: expect.stringContaining(text) }),
  )
})
