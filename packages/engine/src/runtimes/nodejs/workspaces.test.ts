import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { readManifest } from './manifest.ts'
import { readWorkspaces, refuseMembers } from './workspaces.ts'

const json = (value: object) => JSON.stringify(value)
const MEMBERS = {
  'packages/fn/package.json': json({ name: 'fn' }),
  'packages/lib/package.json': json({ name: 'lib' }),
  'packages/lib/node_modules/x/package.json': json({ name: 'x' }),
  'tools/package.json': json({ name: 'tools' }),
}

test.each([
  ['npm', { 'package.json': json({ workspaces: ['packages/*'] }) }],
  ['Yarn', { 'package.json': json({ workspaces: { packages: ['./packages/*/'] } }) }],
  ['pnpm', { 'package.json': '{}', 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' }],
])('members of a workspace are those that the lists of %s match', async (_, root) => {
  const found = await readWorkspaces(treeOf({ ...root, ...MEMBERS }))
  expect(found.map(({ path }) => path)).toEqual([
    'package.json',
    'packages/fn/package.json',
    'packages/lib/package.json',
  ])
})

async function refused(spec: string, path = 'packages/fn') {
  const manifest = json({ dependencies: { lib: spec } }).replace('{"lib', '{\n"lib')
  const tree = treeOf({ 'package.json': manifest })
  const root = { 'package.json': json({ workspaces: ['packages/*'] }), ...MEMBERS }
  const around = { tree: treeOf(root), path }
  return refuseMembers(tree, await readManifest(tree), around).then(
    () => undefined,
    ({ code, message, hint }) => ({ code, message, hint }),
  )
}

test('a dependency that is a member of the workspace around is not asked of the registry', async () => {
  expect(await refused('*')).toEqual({
    code: 'MANIFEST_INVALID',
    message:
      'package.json:2: "lib" is packages/lib of the workspace that this is packages/fn of; it is not in the source, and the registry’s "lib" is another package',
    hint: 'Pack the root of the workspace with build.module "packages/fn".',
  })
  expect(await refused('workspace:^')).toMatchObject({ code: 'MANIFEST_INVALID' })
  for (const spec of ['npm:lib@1', 'file:./lib', 'https://host/lib.tgz', 'me/lib']) {
    expect(await refused(spec)).toBeUndefined()
  }
})
