import { expect, test } from 'vitest'
import { orderOf, subjectOf } from '../../../../../../test/harness/subject.ts'
import { ownFiles } from './own-files.ts'

async function ownOf(files: Record<string, string>) {
  const order = await orderOf({ runtime: 'python', handler: 'index.handler' })
  const { package: packed } = await subjectOf(order, files)
  return (await ownFiles(packed.archive)).own.map(({ path }) => path)
}

test('RECORD says what was installed, to the file', async () => {
  const record = 'google/cloud/a.py,sha256=x,1\nsix.py,,\n"a, b.py",,\nb-1.0.dist-info/RECORD,,\n'
  expect(
    await ownOf({
      'index.py': '',
      'six.py': '',
      'a, b.py': '',
      'google/cloud/a.py': '',
      'google/own.py': '',
      'b-1.0.dist-info/RECORD': record,
      'b-1.0.dist-info/METADATA': '',
    }),
  ).toEqual(['google/own.py', 'index.py'])
})

test('without one top_level.txt does, else the name', async () => {
  expect(
    await ownOf({
      'index.py': '',
      'yaml/__init__.py': '',
      '_yaml.so': '',
      'PyYAML-6.0.dist-info/top_level.txt': '_yaml\nyaml\n',
      'my_shop/__init__.py': '',
      'my-shop-1.0.dist-info/METADATA': '',
      'old/__init__.py': '',
      'old.egg-info/PKG-INFO': '',
    }),
  ).toEqual(['index.py'])
})
