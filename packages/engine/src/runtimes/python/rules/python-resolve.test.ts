import { expect, test } from 'vitest'
import { checkImports, type Surroundings } from './python-resolve.ts'
import { readSource } from './python-source.ts'

interface Given extends Partial<Omit<Surroundings, 'paths' | 'isInstalled'>> {
  /** Paths of others in the package. */
  installed?: string[]
}

/** "path:line level module" of each finding. */
async function said(files: Record<string, string>, given: Given = {}) {
  const { installed = [], version = '3.10', ...more } = given
  const sources = Object.entries(files)
    .filter(([path]) => path.endsWith('.py'))
    .map(([path, text]) => readSource(path, Buffer.from(text), version))
  const findings = await checkImports(sources, {
    version,
    preinstalled: ['requests', 'obsclient'],
    paths: [...Object.keys(files), ...installed],
    isInstalled: (path) => installed.includes(path),
    attached: [],
    entry: 'index.py',
    ...more,
  })
  return findings.map(({ path, line, level, message }) => {
    return `${path}:${line} ${level} ${/"([^"]+)"/.exec(message)?.[1]}`
  })
}

test('what is nowhere is told once for each file, with its line', async () => {
  expect(
    await said({
      'index.py': 'import json\nimport flask\nfrom flask import x\nimport shop\n',
      'shop.py': 'import flask.y\n',
    }),
  ).toEqual(['index.py:2 warning flask', 'shop.py:1 warning flask'])
})

test('the package, the standard library, pre-installed and attached libraries provide', async () => {
  const text = `import os, _thread, __main__
import requests.adapters
from obs import ObsClient
import yaml, native, closed, google.cloud.storage, six.moves.urllib
import redis.client
`
  const installed = ['yaml/__init__.py', 'google/cloud/storage/__init__.py', 'six.py']
  const files = { 'index.py': text, 'native.cpython-310-x86_64-linux-gnu.so': '', 'closed.pyc': '' }
  expect(await said(files, { installed, attached: ['redis/__init__.py'] })).toEqual([])
  expect(await said(files, { installed })).toEqual(['index.py:5 warning redis'])
})

test('modules of another Python are told as such', async () => {
  const sources = [readSource('index.py', Buffer.from('import urllib2\nimport imp\n'), '3.12')]
  const around = { version: '3.12', preinstalled: [], paths: ['index.py'], attached: [] }
  const findings = await checkImports(sources, {
    ...around,
    isInstalled: () => false,
    entry: 'index.py',
  })
  expect(findings.map(({ message }) => message)).toEqual([
    'index.py imports "urllib2", which only Python 2.7 has in its standard library; the function runs on 3.12',
    'index.py imports "imp", which only Python 2.7 to 3.11 has in its standard library; the function runs on 3.12',
  ])
  expect(await said({ 'index.py': 'import urllib2, imp\n' }, { version: '2.7' })).toEqual([])
})

test('own packages have to have the modules that are asked of them', async () => {
  const files = {
    'index.py':
      'import app.models\nimport app.none\nfrom app.nope import x\nfrom app import anything\nfrom space import one, two\n',
    'app/__init__.py': '',
    'app/models.py':
      'from . import fields, __version__\nfrom .fields import F\nfrom .gone import G\nfrom ..over import H\n',
    'app/fields.py': '',
    'space/one.py': '',
  }
  expect(await said(files)).toEqual([
    'index.py:2 warning app.none',
    'index.py:3 warning app.nope',
    'index.py:5 warning space.two',
    'app/models.py:3 warning app.gone',
    'app/models.py:4 warning ..over',
  ])
})

test('code that arranges its own paths is believed', async () => {
  const files = {
    'index.py': 'import sys\nsys.path.insert(0, "vendor")\nimport tool\nimport none\n',
    'vendor/tool.py': '',
  }
  expect(await said(files)).toEqual(['index.py:4 warning none'])
})

test('code that nothing imports is a note, tests and set-up are silent', async () => {
  const files = {
    'index.py': 'import shop\n',
    'shop.py': 'import a\n',
    'scripts/run.py': 'import b\n',
    'tests/test_index.py': 'import pytest\n',
    'setup.py': 'import setuptools\n',
    'conftest.py': 'import pytest\n',
  }
  expect(await said(files)).toEqual(['shop.py:1 warning a', 'scripts/run.py:1 note b'])
  const used = { 'index.py': 'from tests import fixtures\n', 'tests/fixtures.py': 'import c\n' }
  expect(await said(used)).toEqual(['tests/fixtures.py:1 warning c'])
})

test('beside the file looks Python 2, and a program that is started in its folder', async () => {
  const files = {
    'index.py': 'import app.main\n',
    'app/__init__.py': '',
    'app/main.py': 'import near\n',
    'app/near.py': '',
  }
  expect(await said(files)).toEqual(['app/main.py:1 warning near'])
  expect(await said(files, { version: '2.7' })).toEqual([])
  expect(await said(files, { entry: undefined })).toEqual([])
})
