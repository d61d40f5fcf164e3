import { expect, test } from 'vitest'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'
import { explain } from './explain.ts'

const tool = { name: 'npm', version: '11.0.0', path: '/npm', binds: [] }
const stage: Stage = {
  name: 'npm ci',
  argv: [],
  network: 'registries',
  tools: [tool],
  because: '',
  failure: 'INSTALL_FAILED',
}

function said(...output: string[]) {
  return meant(stage, { stderr: output.join('\n') })
}

function meant(of: Stage, said: Partial<ToolResult>) {
  const result = { exitCode: 1, signal: null, ms: 1, stdout: '', stderr: '', output: [], ...said }
  const error = explain(of, result)
  return error && { code: error.code, message: error.message, output: error.output }
}

/** What a stage of another tool says, on stdout as Yarn and pnpm do. */
const saidBy = (name: string, stdout: string) =>
  meant({ ...stage, name: `${name} install`, tools: [{ ...tool, name }] }, { stdout })

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

test.each([
  [
    'Yarn',
    'error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.',
    'yarn.lock',
  ],
  ['Yarn', '➤ YN0028: │ The lockfile would have been modified by this install', 'yarn.lock'],
  ['pnpm', ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"', 'pnpm-lock.yaml'],
])('%s: a lock file that does not fit is named', (tool, line, lock) => {
  const message = `package.json and ${lock} do not agree`
  expect(saidBy(tool, line)).toMatchObject({ code: 'INSTALL_FAILED', message })
})

test.each([
  [
    'Yarn',
    "error SyntaxError: Unknown token: { line: 4, type: 'INVALID' } 4:3 in /build/source/yarn.lock",
    'yarn.lock:4:3',
  ],
  ['Yarn', 'YAMLException: missed comma between flow collection entries (6:2)', 'yarn.lock:6:2'],
  [
    'pnpm',
    ' ERR_PNPM_BROKEN_LOCKFILE  The lockfile is broken: bad indentation (2:3)',
    'pnpm-lock.yaml:2:3',
  ],
  ['pnpm', ' ERR_PNPM_LOCKFILE_BREAKING_CHANGE  Lockfile not compatible', 'pnpm-lock.yaml'],
])('%s: a damaged lock file is told with the place: %s', (tool, line, place) => {
  const message = expect.stringContaining(`${place} can not be read`)
  expect(saidBy(tool, line)).toMatchObject({ code: 'MANIFEST_INVALID', message })
})

test.each([
  ['Yarn', `error Couldn't find any versions for "ms" that matches "99.0.0"`, 'ms'],
  [
    'Yarn',
    'error An unexpected error occurred: "https://registry.example/@a%2fb: Not found".',
    '@a/b',
  ],
  ['Yarn', '➤ YN0035: │ @a/b@npm:1: Package not found', '@a/b@npm:1'],
  ['Yarn', '➤ YN0082: │ ms@npm:99.0.0: No candidates found', 'ms@npm:99.0.0'],
  ['pnpm', ' ERR_PNPM_FETCH_404  GET https://registry.example/@a%2Fb: Not Found - 404', '@a/b'],
  [
    'pnpm',
    ' ERR_PNPM_FETCH_404  GET https://a.example/npm/@a%2Fb: Not Found\n@a/b is not in the npm registry',
    '@a/b',
  ],
  ['pnpm', ' ERR_PNPM_NO_MATCHING_VERSION  No matching version found for ms@99.0.0', 'ms@99.0.0'],
])('%s: what does not exist is named: %s', (tool, line, name) => {
  const found = saidBy(tool, line)
  expect(found).toMatchObject({ code: 'DEPENDENCY_NOT_FOUND' })
  expect(found?.message).toContain(` ${name} `)
})

test.each([
  [
    'Yarn',
    'error An unexpected error occurred: "https://registry.example/ms: connect ECONNREFUSED"',
  ],
  ['Yarn', 'error Error: self-signed certificate in certificate chain'],
  ['Yarn', '➤ YN0001: │ RequestError: getaddrinfo ENOTFOUND registry.example'],
  ['pnpm', ' ERR_PNPM_META_FETCH_FAIL  GET https://registry.example/ms: request failed'],
  ['pnpm', ' ERR_PNPM_FETCH_503  GET https://registry.example/ms: Service Unavailable - 503'],
])('%s: a registry that is away is the platform’s fault: %s', (tool, line) => {
  expect(saidBy(tool, line)).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
})

test('a bundle that does not compile is told by its first mistake', () => {
  const bundle = { ...stage, name: 'bundle', tools: [{ ...tool, name: 'esbuild' }] }
  const stderr = 'lib/a.ts:2:7: error: Expected identifier but found "="\nb.ts:1:1: error: no\n'
  expect(meant(bundle, { stderr })).toMatchObject({
    code: 'COMPILE_FAILED',
    message: 'lib/a.ts:2:7: Expected identifier but found "="',
  })
  expect(meant(bundle, { stderr: 'panic' })).toBeUndefined()
})

test('a package manager that is not the one of package.json is told with both hashes', () => {
  const stderr = 'wanted sha224.00, found sha224.11\n'
  const found = meant({ ...stage, name: 'hash of Yarn 4.5.0' }, { stderr })
  expect(found).toMatchObject({ code: 'INSTALL_FAILED' })
  expect(found?.message).toMatch(
    /Yarn 4\.5\.0.*packageManager.*wanted sha224\.00, found sha224\.11/,
  )
  const npm =
    'npm error code EINTEGRITY\nnpm error sha512-b integrity checksum failed: wanted sha512-a'
  const fetched = meant({ ...stage, name: 'npm ci of pnpm 9.15.9' }, { stderr: npm })
  expect(fetched?.message).toMatch(/pnpm 9\.15\.9.*packageManager.*wanted sha512-a/)
})

const ASKED = { '@me/lib': 'package.json:7', ms: 'packages/a/package.json:4' }

test.each([
  [
    'npm',
    "npm error 404  '@me/lib@1' is not in this registry.",
    '@me/lib@1 in the registry (package.json:7)',
  ],
  ['npm', "npm error 404  'of-another@1' is not in this registry.", 'of-another@1 in the registry'],
  [
    'npm',
    'npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.\nnpm error Missing: ms@2.1.3 from lock file',
    'do not agree (packages/a/package.json:4)',
  ],
  [
    'npm',
    'npm error code ERESOLVE\nnpm error Found: @me/lib@1.0.0\nnpm error   @me/lib@"1.0.0" from the root project',
    'do not go together (package.json:7)',
  ],
  [
    'pnpm',
    'ERR_PNPM_OUTDATED_LOCKFILE  Cannot install\n* 1 dependencies were added: @me/lib@^1.0.0',
    'do not agree (package.json:7)',
  ],
  ['Yarn', '➤ YN0028: │ +"ms@npm:2.1.3":', 'do not agree (packages/a/package.json:4)'],
])('%s: the place that asks is named where it is the source’s', (name, text, end) => {
  const given = { ...stage, tools: [{ ...tool, name }], asked: ASKED }
  const message = meant(given, { stderr: text, stdout: name === 'npm' ? '' : text })?.message
  expect(message?.endsWith(end)).toBe(true)
})
