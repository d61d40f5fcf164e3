import { expect, test } from 'vitest'
import { treeOf } from '../../../test/harness/subject.ts'
import { isInstalledPath, recordedFiles } from './installed-files.ts'

test.each([
  ['node_modules/ms/index.js', true],
  ['lib/node_modules/ms/index.js', true],
  ['venv/lib/python3.12/site-packages/six.py', true],
  ['six-1.16.0.dist-info/METADATA', true],
  ['index.js', false],
  ['my_node_modules/a.js', false],
  ['node_modules', false],
])('%s is installed: %s', (path, is) => {
  expect(isInstalledPath(path)).toBe(is)
})

test('what an installer wrote down counts from where it installed', async () => {
  const record = 'six.py,sha256=abc,123\n"odd, name.py",,\n../../bin/tool,,\n\n'
  const { files, read } = treeOf({
    'six-1.dist-info/RECORD': record,
    'lib/yaml-6.dist-info/RECORD': 'yaml/__init__.py,,\n',
    'notes/RECORD': 'index.py,,\n',
  })
  expect([...(await recordedFiles(files, read))]).toEqual([
    'lib/yaml/__init__.py',
    'six.py',
    'odd, name.py',
    '../../bin/tool',
  ])
})
