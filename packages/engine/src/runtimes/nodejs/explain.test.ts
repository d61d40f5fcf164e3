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
  const stderr = output.join('\n')
  const result: ToolResult = { exitCode: 1, signal: null, ms: 1, stdout: '', stderr, output: [] }
  const error = explain(stage, result)
  return error && { code: error.code, message: error.message, output: error.output }
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

test('what npm says before its manual page is what is shown', () => {
  const manual = Array.from({ length: 100 }, (_, at) => `npm error   --option-${at}`)
  const found = said(
    'npm error code EUSAGE',
    'npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.',
    'npm error Missing: ms@2.1.3 from lock file',
    'npm error Clean install a project',
    'npm error Usage:',
    ...manual,
  )
  expect(found).toMatchObject({ code: 'INSTALL_FAILED' })
  expect(found?.output).toHaveLength(3)
  expect(found?.output?.at(-1)).toContain('Missing: ms@2.1.3')
})

test.each([
  [
    'npm error The `npm ci` command can only install with an existing package-lock.json or',
    'MANIFEST_INVALID',
    /lock file can not be read/,
  ],
  [
    'npm error code EINVALIDTAGNAME\nnpm error Invalid tag name',
    'MANIFEST_INVALID',
    /EINVALIDTAGNAME/,
  ],
  [
    'npm error code EINTEGRITY\nnpm error sha512-a checksum failed: wanted sha512-b but got',
    'INSTALL_FAILED',
    /sha512-b/,
  ],
  [
    'npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve',
    'INSTALL_FAILED',
    /do not go together/,
  ],
  [
    'npm error command git --no-replace-objects ls-remote ssh://git@example.com/a.git',
    'INSTALL_FAILED',
    /ssh:\/\/git@example\.com\/a\.git/,
  ],
])('%s', (line, code, message) => {
  expect(said(line)).toMatchObject({ code, message: expect.stringMatching(message) })
})
