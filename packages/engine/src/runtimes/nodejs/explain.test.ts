import { expect, test } from 'vitest'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'
import { explain } from './explain.ts'

const stage: Stage = {
  name: 'npm ci',
  argv: [],
  network: 'registries',
  tools: [],
  because: '',
  failure: 'INSTALL_FAILED',
}

function said(...output: string[]) {
  const result: ToolResult = { exitCode: 1, signal: null, ms: 1, stdout: '', stderr: '', output }
  const error = explain(stage, result)
  return error && { code: error.code, message: error.message }
}

test.each([
  ["npm error 404  'no-such-thing@1.0.0' is not in this registry.", 'no-such-thing@1.0.0'],
  ["npm error 404  The requested resource '@me/private@1' could not be found", '@me/private@1'],
  ['npm error notarget No matching version found for ms@99.0.0.', 'ms@99.0.0'],
])('a dependency that does not exist is named: %s', (line, name) => {
  const found = said('npm error code E404', line)
  expect(found).toMatchObject({ code: 'DEPENDENCY_NOT_FOUND' })
  expect(found?.message).toContain(` ${name} `)
})

test.each([
  'E500',
  'E503',
  'ECONNREFUSED',
  'ENOTFOUND',
  'ERR_SOCKET_TIMEOUT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
])('a registry that is away is the platform’s fault, and tried again: %s', (code) => {
  expect(said(`npm error code ${code}`)).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
})

test('a registry that wants a token is told from one that is away', () => {
  expect(said('npm error code E401')).toMatchObject({ code: 'INSTALL_FAILED' })
})

test('a full disk is called one', () => {
  expect(said('npm error code ENOSPC')).toMatchObject({ code: 'DISK_FULL' })
})

test('a lock file that does not fit is named', () => {
  const line =
    'npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.'
  expect(said(line)?.message).toBe('package.json and package-lock.json do not agree')
})

test('anything else is left to the stage’s own failure', () => {
  expect(said('npm error something new')).toBeUndefined()
})
