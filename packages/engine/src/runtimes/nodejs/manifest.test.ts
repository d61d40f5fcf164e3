import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { checkLocalDependencies, declaresDependencies, readManifest } from './manifest.ts'

const read = (text: string) => readManifest(treeOf({ 'package.json': text }))

test('a package.json that Node.js takes is taken, whatever else stands in it', async () => {
  expect(await readManifest(treeOf({ 'index.js': '' }))).toBeUndefined()
  for (const text of [
    '{}',
    '\uFEFF{"name":"你好"}',
    '{"type":"app","main":7,"scripts":null}',
    '{"dependencies":null,"bundleDependencies":true,"bundledDependencies":["ms"]}',
  ]) {
    expect(await read(text)).toBeDefined()
  }
})

test.each([
  ['{ "a": }', /^package\.json is not JSON: .*'}'/],
  ['', /^package\.json is not JSON/],
  ['{\n"a": 1\n"b": 2}', /^package\.json:3 is not JSON/],
  ['[]', /^package\.json: the whole: .*object.*array/],
  ['{"dependencies":["ms"]}', /^package\.json:1: "dependencies"/],
  ['{"ms":1,\n"dependencies":{\n"ms":{"version":"2"}}}', /^package\.json:3: "dependencies\.ms"/],
])('%s is refused with the place', async (text, message) => {
  const code = 'MANIFEST_INVALID'
  await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
})

test('dependencies of development alone are nothing to install', async () => {
  for (const [text, declares] of [
    ['{"devDependencies":{"vitest":"5"}}', false],
    ['{"dependencies":{}}', false],
    ['{"dependencies":{"ms":"2"}}', true],
    ['{"optionalDependencies":{"ms":"2"}}', true],
    ['{"peerDependencies":{"ms":"2"}}', true],
    ['{"workspaces":["packages/*"]}', true],
  ] as const) {
    expect([text, declaresDependencies(await read(text))]).toEqual([text, declares])
  }
  expect(declaresDependencies(undefined)).toBe(false)
})

const check = (spec: string) => {
  const tree = treeOf({ 'lib/package.json': '{}', 'ms.tgz': '' })
  return () => checkLocalDependencies(tree, { dependencies: { ms: spec } })
}

test.each([
  'file:lib',
  'file:./lib',
  'file:lib/',
  './lib',
  'link:./lib',
  'file:ms.tgz',
  './ms.tgz',
  '2.1.3',
  '~2.1.3',
  '*',
  'latest',
  'npm:other@1',
  'vercel/ms',
  'github:vercel/ms#main',
  'git+https://example.com/ms.git',
  'https://example.com/ms.tgz',
])('%s is installed', (spec) => {
  expect(check(spec)).not.toThrow()
})

test.each([
  ['file:../lib', 'MANIFEST_INVALID'],
  ['../lib', 'MANIFEST_INVALID'],
  ['file:lib/../../x', 'MANIFEST_INVALID'],
  ['file:/etc', 'MANIFEST_INVALID'],
  ['file:///etc', 'MANIFEST_INVALID'],
  ['~/lib', 'MANIFEST_INVALID'],
  ['file:none', 'DEPENDENCY_NOT_FOUND'],
  ['./none.tgz', 'DEPENDENCY_NOT_FOUND'],
])('%s is refused by name before npm is asked', (spec, code) => {
  const message = expect.stringContaining(`"ms" is "${spec}"`)
  expect(check(spec)).toThrow(expect.objectContaining({ code, message }))
})
