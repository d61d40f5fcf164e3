import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/harness/temporary-folder.ts'
import { copyFilesBeside } from './files-beside.ts'

async function treeOf(files: readonly string[]): Promise<string> {
  const root = temporaryFolder()
  for (const file of [...files, 'profiles/index.ts', 'docs/rules.md', 'docs/rules.zh.md']) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), '')
  }
  return root
}

test('what modules read beside themselves, and the pages of the rules, lie where the bundle is', async () => {
  const root = await treeOf([
    'packages/engine/src/index.ts',
    'packages/engine/src/python/load.ts',
    'packages/engine/src/python/loader.py',
    'packages/engine/src/python/README.md',
    'packages/engine/src/java/load.ts',
    'packages/engine/src/java/sdk/com/Context.java',
    'profiles/one.yaml',
  ])
  const target = path.join(root, 'dist')
  await copyFilesBeside(root, target)
  const found = await readdir(target, { recursive: true })
  expect(found.toSorted()).toEqual([
    'loader.py',
    'one.yaml',
    'rules.md',
    'rules.zh.md',
    'sdk',
    'sdk/com',
    'sdk/com/Context.java',
  ])
})

test('two of one name are refused, as one would take the place of the other', async () => {
  const root = await treeOf([
    'packages/engine/src/a/load.ts',
    'packages/engine/src/a/loader.py',
    'packages/engine/src/b/load.ts',
    'packages/engine/src/b/loader.py',
  ])
  await expect(copyFilesBeside(root, path.join(root, 'dist'))).rejects.toThrow(
    /a\/loader\.py and .*b\/loader\.py are both loader\.py/,
  )
})
