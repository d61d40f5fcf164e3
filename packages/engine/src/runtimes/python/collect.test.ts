import { expect, test } from 'vitest'
import { orderOf, type TestFile, treeOf } from '../../../../../test/harness/subject.ts'
import { collect } from './collect.ts'

async function collected(source: Record<string, TestFile>, output: Record<string, TestFile> = {}) {
  const order = await orderOf({ runtime: 'python', handler: 'index.handler' })
  const made = await collect(treeOf(source), treeOf(output), order)
  return { ...made, paths: made.entries.map(({ path }) => path) }
}

test('own code and what was installed lie side by side at the root', async () => {
  const { paths, findings } = await collected(
    { 'index.py': '', 'lib/own.py': '' },
    { 'six.py': '', 'six-1.16.0.dist-info/METADATA': '' },
  )
  expect(paths).toEqual(['index.py', 'lib/own.py', 'six-1.16.0.dist-info/METADATA', 'six.py'])
  expect(findings).toEqual([])
})

test("installers' notes and scripts that name this machine are left out", async () => {
  const info = 'six-1.16.0.dist-info'
  const { paths } = await collected(
    { 'index.py': '' },
    {
      [`${info}/INSTALLER`]: 'uv',
      [`${info}/REQUESTED`]: '',
      [`${info}/direct_url.json`]: '{}',
      [`${info}/entry_points.txt`]: '',
      '.lock': '',
      'include/python/greenlet/greenlet.h': '',
      'bin/flask': '#!/somewhere/bin/python3\n',
      'bin/tool': Buffer.from([0x7f, 0x45, 0x4c, 0x46]),
      'six/__pycache__/six.cpython-311.pyc': '',
    },
  )
  expect(paths).toEqual(['index.py', 'bin/tool', `${info}/entry_points.txt`])
})

test('RECORD keeps what is in the package, in one order, whatever tool wrote it', async () => {
  const info = 'shop-1.0.dist-info'
  const record = [
    '../../bin/shop,sha256=x,9',
    `${info}/INSTALLER,sha256=p,4`,
    `${info}/RECORD,,`,
    'shop.py,sha256=c,3',
    '"a, b.txt",sha256=b,2',
    'index.py,sha256=o,1',
    'shop.pyc,,',
  ]
  const output = {
    'shop.py': 'abc',
    'a, b.txt': 'ab',
    'index.py': '',
    [`${info}/INSTALLER`]: 'pip',
  }
  const lines = [record, record.toReversed().map((line) => `${line}\r`)]
  for (const written of lines) {
    const files = { ...output, [`${info}/RECORD`]: `${written.join('\n')}\n` }
    const { entries } = await collected({ 'index.py': '' }, files)
    const kept = entries.find(({ path }) => path === `${info}/RECORD`)
    expect(String(kept?.content)).toBe(
      `"a, b.txt",sha256=b,2\n${info}/RECORD,,\nshop.py,sha256=c,3\n`,
    )
  }
})

test('caches and virtual environments of the source are left out, compiled code alone is not', async () => {
  const { paths } = await collected({
    'index.py': '',
    'index.pyc': '',
    'closed.pyc': '',
    '__pycache__/index.pyc': '',
    'env/pyvenv.cfg': '',
    'env/lib/python3.10/site-packages/six.py': '',
    '.venv/pyvenv.cfg': '',
    'hello.egg-info/PKG-INFO': '',
    '.pytest_cache/README.md': '',
  })
  expect(paths).toEqual(['closed.pyc', 'index.py'])
})

test('where both have a path own code wins, and a module of both is told', async () => {
  const { entries, findings } = await collected(
    { 'index.py': '', 'yaml.py': 'own', 'tests/__init__.py': 'own' },
    { 'yaml/__init__.py': '', 'tests/__init__.py': 'theirs', 'tests/more.py': '' },
  )
  const tests = entries.filter(({ path }) => path === 'tests/__init__.py')
  expect(tests.map(({ content }) => String(content))).toEqual(['own'])
  expect(findings).toMatchObject([
    { rule: 'name-clash', level: 'warning', path: 'tests/__init__.py' },
    { rule: 'name-clash', path: 'yaml.py', message: expect.stringContaining('yaml/__init__.py') },
  ])
})

test('a namespace that both share is no clash', async () => {
  const { findings } = await collected(
    { 'google/own.py': '' },
    { 'google/protobuf/__init__.py': '' },
  )
  expect(findings).toEqual([])
})

test('bootstrap of an HTTP function becomes executable', async () => {
  const order = await orderOf({ runtime: 'python', type: 'http' })
  const { entries } = await collect(treeOf({ bootstrap: '#!/bin/sh\n' }), treeOf({}), order)
  expect(entries).toMatchObject([{ path: 'bootstrap', executable: true }])
})
