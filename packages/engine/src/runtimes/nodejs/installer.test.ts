import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { chooseInstaller } from './installer.ts'

const choose = (files: Record<string, string>, packageManager?: string) => {
  const manifest = { packageManager }
  const tree = treeOf({ 'package.json': JSON.stringify(manifest, null, 2), ...files })
  return chooseInstaller(tree, manifest)
}

test.each([
  ['package-lock.json', '{}', 'npm', ''],
  ['npm-shrinkwrap.json', '{}', 'npm', ''],
  ['yarn.lock', '# yarn lockfile v1\n', 'yarn', '1.22.22'],
  ['yarn.lock', '', 'yarn', '1.22.22'],
  ['yarn.lock', '__metadata:\n  version: 6\n', 'berry', '3.8.7'],
  ['yarn.lock', '# made\r\n\r\n__metadata:\r\n  version: 8\r\n', 'berry', '4.13.0'],
  ['pnpm-lock.yaml', "lockfileVersion: '9.0'\n", 'pnpm', '10.34.9'],
  ['pnpm-lock.yaml', 'lockfileVersion: 5.4\n', 'pnpm', '7.33.7'],
])('%s decides (%j)', async (lock, text, name, version) => {
  const because = `there is a ${lock}`
  expect(await choose({ [lock]: text })).toMatchObject({ name, version, lock, because })
})

test('without a lock file it is npm, and a lock file that nobody follows is named', async () => {
  expect(await choose({})).toMatchObject({ name: 'npm', lock: undefined })
  expect((await choose({ 'bun.lockb': '' })).because).toContain('bun.lockb is not followed')
  const both = { 'package-lock.json': '{}', 'yarn.lock': '' }
  expect(await choose(both)).toMatchObject({
    name: 'npm',
    because: 'there is a package-lock.json; yarn.lock is not followed',
  })
})

test('of npm’s two lock files the one that npm prefers', async () => {
  const both = { 'package-lock.json': '{}', 'npm-shrinkwrap.json': '{}' }
  expect(await choose(both)).toMatchObject({ lock: 'npm-shrinkwrap.json' })
})

test('packageManager stands above the lock files', async () => {
  const found = await choose({ 'package-lock.json': '{}' }, 'pnpm@9.1.0+sha256.'.padEnd(82, 'a'))
  expect(found).toMatchObject({ name: 'pnpm', version: '9.1.0', hash: { algorithm: 'sha256' } })
  expect(found.lock).toBeUndefined()
  expect(found.because).toContain('package-lock.json is not followed')
  expect(await choose({ 'yarn.lock': '' }, 'yarn@1.22.19')).toMatchObject({ name: 'yarn' })
  expect(await choose({ 'yarn.lock': '' }, 'yarn@3.2.3')).toMatchObject({
    name: 'berry',
    version: '3.2.3',
    lock: 'yarn.lock',
  })
})

test.each(['pnpm', 'pnpm@9', 'pnpm@^9.0.0', 'bun@1.2.0', 'pnpm@9.0.0+sha512.xyz'])(
  'packageManager %j is refused with what is taken',
  async (field) => {
    const code = 'MANIFEST_INVALID'
    const message = expect.stringContaining(`package.json:2: "packageManager" is "${field}"`)
    await expect(choose({}, field)).rejects.toMatchObject({ code, message })
  },
)

test.each([
  ['yarn.lock', '__metadata:\n  version: 99\n', 'is 99'],
  ['pnpm-lock.yaml', '{}', 'is missing'],
])('a form of %s that is not known is told', async (lock, text, found) => {
  const message = expect.stringContaining(found)
  await expect(choose({ [lock]: text })).rejects.toMatchObject({
    code: 'MANIFEST_INVALID',
    message,
  })
})
