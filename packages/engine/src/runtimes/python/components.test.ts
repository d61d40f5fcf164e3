import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile } from '../../../../../test/harness/subject.ts'
import { components } from './components.ts'

async function found(files: Record<string, TestFile>) {
  const order = await orderOf({ runtime: 'python', handler: 'index.handler' })
  return components(await subjectOf(order, files))
}

test('every distribution is told by its metadata, its name as the registry writes it', async () => {
  const files = {
    'index.py': '',
    'zope.interface-6.0.dist-info/METADATA':
      'Metadata-Version: 2.1\r\nName: zope.interface\r\nVersion: 6.0\r\nLicense: ZPL 2.1\r\n\r\nName: no\r\n',
    'lib/PyYAML-6.0.2.egg-info/PKG-INFO': 'Name: PyYAML\nVersion: 6.0.2\nLicense: UNKNOWN\n',
  }
  expect(await found(files)).toMatchObject([
    { purl: 'pkg:pypi/pyyaml@6.0.2', licenses: [] },
    { purl: 'pkg:pypi/zope-interface@6.0', licenses: ['ZPL 2.1'] },
  ])
})

test('an expression counts more than classifiers, and these more than free text', async () => {
  const licensesOf = async (...lines: string[]) => {
    const text = ['Name: a', 'Version: 1', ...lines, '', 'text'].join('\n')
    return (await found({ 'a-1.dist-info/METADATA': text }))[0]?.licenses
  }
  const free = 'License: The whole text'
  const classifier = 'Classifier: License :: OSI Approved :: MIT License'
  expect(await licensesOf(free)).toEqual(['The whole text'])
  expect(await licensesOf(free, classifier)).toEqual(['MIT License'])
  expect(await licensesOf(free, classifier, 'License-Expression: MIT')).toEqual(['MIT'])
})

test('metadata without a name is passed over', async () => {
  expect(await found({ 'a.dist-info/METADATA': 'Version: 1\n' })).toEqual([])
})
