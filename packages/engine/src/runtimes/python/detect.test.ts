import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { detect } from './detect.ts'

test('a manifest tells Python, and whether it declares anything', async () => {
  expect(await detect(treeOf({ 'requirements.txt': 'six\n', 'index.py': '' }))).toEqual({
    because: 'requirements.txt',
    declares: 'dependencies in requirements.txt',
  })
  expect(await detect(treeOf({ 'requirements.txt': '\n' }))).toEqual({
    because: 'requirements.txt',
  })
})

test('else Python at the root does, but not in a folder', async () => {
  expect(await detect(treeOf({ 'index.py': '' }))).toEqual({ because: 'index.py' })
  expect(await detect(treeOf({ 'app/index.py': '' }))).toBeUndefined()
})

test('installed dependencies say that it is finished', async () => {
  const wheel = treeOf({ 'index.py': '', 'six-1.16.0.dist-info/METADATA': '', 'six.py': '' })
  expect(await detect(wheel)).toMatchObject({ finished: 'six-1.16.0.dist-info' })
  const native = treeOf({ 'index.py': '', '_speedups.cpython-310-x86_64-linux-gnu.so': '' })
  expect(await detect(native)).toMatchObject({
    finished: '_speedups.cpython-310-x86_64-linux-gnu.so',
  })
})

test('a manifest that can not be read counts as one that declares', async () => {
  const tree = treeOf({ 'pyproject.toml': '[project]\ndependencies = [', 'index.py': '' })
  expect(await detect(tree)).toEqual({
    because: 'pyproject.toml',
    declares: 'dependencies in pyproject.toml',
  })
})
