import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeAll } from '../../../../../test/harness/fixtures.ts'
import { temporaryFolder } from '../../../../../test/harness/temporary-folder.ts'
import { workspaceAround } from './workspace-around.ts'

const FILES = {
  'package.json': '{ "workspaces": ["packages/*"] }',
  'packages/fn/package.json': '{}',
  'packages/fn/index.js': '',
  'packages/lib/package.json': '{}',
  'node_modules/x/package.json': '{}',
}

test('the workspace around a folder is the nearest above it, its manifests alone', async () => {
  const root = temporaryFolder()
  await writeAll(FILES, root)
  const found = await workspaceAround(join(root, 'packages/fn'))
  expect(found?.path).toBe('packages/fn')
  expect(found?.tree.files.map(({ path }) => path)).toEqual([
    'package.json',
    'packages/fn/package.json',
    'packages/lib/package.json',
  ])
})

test('what lies around the repository is not looked at', async () => {
  const root = temporaryFolder()
  await writeAll(FILES, root)
  await mkdir(join(root, 'packages/.git'))
  expect(await workspaceAround(join(root, 'packages/fn'))).toBeUndefined()
})
