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

test('a distribution has the digest of its wheel by the lock file that lies in the package', async () => {
  const sha256 = 'a'.repeat(64)
  const files = {
    'poetry.lock': `[[package]]\nname = "six"\nversion = "1.17.0"\nfiles = [\n{file = "six-1.17.0-py2.py3-none-any.whl", hash = "sha256:${sha256}"},\n{file = "six-1.17.0.tar.gz", hash = "sha256:${'b'.repeat(64)}"}]\n`,
    'six-1.17.0.dist-info/METADATA': 'Name: six\nVersion: 1.17.0\n',
    'six-1.17.0.dist-info/WHEEL': 'Wheel-Version: 1.0\nTag: py2-none-any\nTag: py3-none-any\n',
  }
  const [six] = await found(files)
  expect(six?.hashes).toEqual([{ algorithm: 'SHA-256', content: sha256 }])
})

test('where a lock file allows several archives, it is told that it is one of them', async () => {
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
  const files = {
    'requirements.txt': `six==1.17.0 --hash=sha256:${b} --hash=sha256:${a}\n`,
    'six-1.17.0.dist-info/METADATA': 'Name: six\nVersion: 1.17.0\n',
  }
  const [six] = await found(files)
  expect(six?.hashes).toBeUndefined()
  expect(six?.properties).toEqual({ 'packline:pypi:sha256-one-of': `${a} ${b}` })
})
