import { expect, test } from 'vitest'
import { isStandard, standardElsewhere } from './standard-library.ts'
import { checkShadows } from './stdlib-shadow.ts'

const said = (paths: string[], version = '3.10', installed: string[] = []) =>
  checkShadows(paths, version, (path) => installed.includes(path)).map(
    ({ level, path }) => `${level} ${path}`,
  )

test.each([
  'json.py',
  'json.pyc',
  'json/__init__.py',
  'json/tool.py',
  'json/inner/__init__.py',
  'time.py',
  '_json.cpython-310-x86_64-linux-gnu.so',
  'lib/__init__.py',
  'lib/own.py',
  'lib.py',
])('%s shadows', (path) => {
  expect(said([path])).toEqual([`error ${path}`])
})

test.each([
  'json/schema.txt',
  'json/inner/data.txt',
  'lib/inner/deep.py',
  'lib/libfoo.so.1',
  'app/json.py',
  'json.txt',
  'jsonx.py',
  'index.py',
  'json-1.0.dist-info/METADATA',
])('%s does not', (path) => {
  expect(said([path])).toEqual([])
})

test('it is the standard library of that version, and each name is told once', () => {
  expect(said(['tomllib.py'], '3.10')).toEqual([])
  expect(said(['tomllib.py'], '3.12')).toHaveLength(1)
  expect(said(['Queue.py', 'queue.py'], '2.7')).toEqual(['error Queue.py'])
  expect(said(['email/__init__.py', 'email/more.py'])).toHaveLength(1)
})

test("an installed dependency's is a warning", () => {
  expect(said(['dataclasses.py', 'enum.py'], '3.10', ['dataclasses.py'])).toEqual([
    'warning dataclasses.py',
    'error enum.py',
  ])
})

test.each([
  [
    '2.7',
    ['Queue', 'ConfigParser', 'imp', 'os', 'sys', 'Tkinter'],
    ['queue', 'asyncio', 'cd', 'test'],
  ],
  ['3.6', ['asyncio', 'typing', '_thread'], ['dataclasses', 'Queue']],
  ['3.9', ['zoneinfo', '_asyncio', 'distutils', '_frozen_importlib'], ['tomllib', 'winreg', 'lib']],
  ['3.10', ['__main__', '__future__', 'asynchat'], ['tomllib']],
  ['3.12', ['tomllib', 'cgi'], ['distutils', 'imp', 'asyncore']],
  ['3.99', ['compression', 'os'], ['cgi']],
])('Python %s', (version, has, hasNot) => {
  expect(has.filter((name) => !isStandard(name, version))).toEqual([])
  expect(hasNot.filter((name) => isStandard(name, version))).toEqual([])
})

test('which other versions have a module', () => {
  expect(standardElsewhere('urllib2')).toEqual({ en: '2.7', zh: '2.7' })
  expect(standardElsewhere('imp')).toEqual({ en: '2.7 to 3.11', zh: '2.7 至 3.11' })
  expect(standardElsewhere('flask')).toBeUndefined()
})
