import { expect, test } from 'vitest'
import { treeOf } from '../../../../../../test/harness/subject.ts'
import type { InstallerName } from '../installer.ts'
import { mayShareCache } from './sharing-cache.ts'

const BERRY_LOCK = '__metadata:\n  version: 8\n'
const PATCH = 'patch:ms@npm%3A2.1.3#./ms.patch'
const BUILTIN = 'patch:resolve@npm%3A1.0.0#optional!builtin<compat/resolve>'

function shares(name: InstallerName, files: Record<string, string>, lock?: string) {
  const installer = { name, version: '1.0.0', because: '', ...(lock ? { lock } : {}) }
  return mayShareCache(treeOf({ 'package.json': '{}', ...files }), installer)
}

test.each<[string, InstallerName, Record<string, string>, string?]>([
  ['settings of npm', 'npm', { '.npmrc': 'prefix=/cache\n' }],
  ['settings of npm in a folder', 'npm', { 'packages/a/.npmrc': '' }],
  ['settings of Yarn', 'yarn', { '.yarnrc': '' }],
  ['what git takes for a repository', 'npm', { HEAD: 'ref: refs/heads/main\n', 'refs/k': '' }],
  ['a repository in a folder', 'pnpm', { 'lib/.git/config': '' }],
  ['places of pnpm', 'pnpm', { 'pnpm-workspace.yaml': 'modulesDir: ../../cache\n' }],
  ['a workspace that can not be read', 'pnpm', { 'pnpm-workspace.yaml': 'a: [\n' }],
  ['patches of pnpm', 'pnpm', { 'package.json': '{"pnpm":{"patchedDependencies":{}}}' }],
  ['patches of Yarn', 'berry', { 'yarn.lock': `"ms@${PATCH}":\n` }, 'yarn.lock'],
  [
    'escaped patches of pnpm',
    'pnpm',
    { 'package.json': '{"pnpm":{"p\\u0061tchedDependencies":{}}}' },
  ],
  ['escaped patches of Yarn', 'berry', { 'yarn.lock': '"ms@p\\x61tch:ms#./a":\n' }, 'yarn.lock'],
  ['patches over two lines', 'berry', { 'yarn.lock': '"ms@pat\\\n  ch:ms#./a":\n' }, 'yarn.lock'],
  ['no lock file of a later Yarn', 'berry', {}],
])('a source with %s has a cache of its own', async (_what, name, files, lock) => {
  expect(await shares(name, files, lock)).toBe(false)
})

test.each<[string, InstallerName, Record<string, string>, string?]>([
  ['nothing but its manifest', 'npm', {}],
  ['a lock file of Yarn', 'yarn', { 'yarn.lock': '# yarn lockfile v1\n' }, 'yarn.lock'],
  [
    'a workspace that only chooses',
    'pnpm',
    { 'pnpm-workspace.yaml': 'packages: []\ncatalog: {}\n' },
  ],
  ['an empty workspace', 'pnpm', { 'pnpm-workspace.yaml': '' }],
  [
    "patches of Yarn's own",
    'berry',
    { 'yarn.lock': `${BERRY_LOCK}"resolve@${BUILTIN}":\n` },
    'yarn.lock',
  ],
  [
    'settings of a later Yarn',
    'berry',
    { 'yarn.lock': BERRY_LOCK, '.yarnrc.yml': '' },
    'yarn.lock',
  ],
  ['quotes in its scripts', 'pnpm', { 'package.json': '{"scripts":{"a":"node -e \\"1\\""}}' }],
  ['files of similar names', 'npm', { AHEAD: '', 'src/HEAD.md': '', '.gitignore': '' }],
])("a source with %s has the tenant's", async (_what, name, files, lock) => {
  expect(await shares(name, files, lock)).toBe(true)
})
