import { expect, test } from 'vitest'
import { treeOf } from '../../../../../../test/harness/subject.ts'
import { checkYarnLock, namesDigests } from './check-yarn-lock.ts'

const LOCK = `# yarn lockfile v1


"@a/b@^1.0.0", "@a/b@^1.0.0 || ^2", "@a/b@~1":
  version "1.0.0"

ms@2.1.3, ms@^2.0.0:
  version "2.1.3"
`

function checked(own: object, root: object = {}, lock = LOCK) {
  const manifest = { private: true, workspaces: ['packages/*', './tools/'], ...root }
  return checkYarnLock(
    treeOf({
      'package.json': JSON.stringify(manifest),
      'packages/own/package.json': JSON.stringify(own, null, 2),
      'packages/other/package.json': '{"name":"other"}',
      'packages/damaged/package.json': '{',
      'deep/er/package.json': '{"dependencies":{"of-nobody":"1"}}',
      'tools/package.json': '{"name":"tools"}',
      'yarn.lock': lock,
    }),
  )
}

test.each([
  { dependencies: { ms: '2.1.3', '@a/b': '^1.0.0 || ^2' }, devDependencies: { ms: '^2.0.0' } },
  { dependencies: { other: '1.0.0', tools: '*', lib: 'file:../lib', x: 'link:./x', y: '../y' } },
  { peerDependencies: { react: '18' } },
])('what a workspace asks for is there: %j', async (own) => {
  await checked(own)
  await checked(own, {}, LOCK.replaceAll('\n', '\r\n'))
})

test.each([
  [{ dependencies: { ms: '^3.0.0' } }, 'packages/own/package.json:3 asks for ms@^3.0.0'],
  [{ devDependencies: { ms: '2.1.3', new: '1' } }, 'packages/own/package.json:4 asks for new@1'],
])('what is missing is told with its place: %j', async (own, says) => {
  const message = `package.json and yarn.lock do not agree: ${says}`
  await expect(checked(own)).rejects.toMatchObject({ code: 'INSTALL_FAILED', message })
})

test('resolutions may ask for another version', async () => {
  await checked({ dependencies: { ms: '9' } }, { resolutions: { '**/ms': '2.1.3' } })
})

test('workspaces may stand in an object; of the root the same is told', async () => {
  const own = { dependencies: { ms: '9' } }
  await expect(checked(own, { workspaces: { packages: ['packages/own'] } })).rejects.toThrow(/ms@9/)
  await checked(own, { workspaces: undefined })
  await expect(checked({}, own)).rejects.toThrow(/: package\.json:1 asks for ms@9$/)
})

const SHA1 = '0123456789'.repeat(4)
const entry = (...lines: string[]) =>
  ['# yarn lockfile v1\n\nms@2.1.3:', '  version "2.1.3"', ...lines, ''].join('\n')

test.each([
  [true, entry('  integrity sha512-abc=='), { ms: '2.1.3' }],
  [true, entry(`  resolved "https://registry.example/ms.tgz#${SHA1}"`), { ms: '2.1.3' }],
  [true, entry('  integrity sha512-abc==').replaceAll('\n', '\r\n'), { own: 'file:./own' }],
  [false, entry('  resolved "https://registry.example/ms.tgz"'), { ms: '2.1.3' }],
  [false, `${entry('  integrity sha512-abc==')}\n${entry().slice(21)}`, { ms: '2.1.3' }],
  [false, entry('  integrity sha512-abc=='), { ms: '2.1.3', lib: 'file:./lib-1.0.0.tgz' }],
  [false, undefined, { ms: '2.1.3' }],
])('names digests of all that is installed: %s', async (expected, lock, dependencies) => {
  const files = { 'package.json': JSON.stringify({ dependencies }) }
  expect(await namesDigests(treeOf(lock ? { ...files, 'yarn.lock': lock } : files))).toBe(expected)
})
