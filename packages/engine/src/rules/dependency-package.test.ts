import { describe, expect, test } from 'vitest'
import {
  dependencyOrderOf,
  orderOf,
  subjectOf,
  type TestFile,
} from '../../../../test/harness/subject.ts'
import { nodejs } from '../runtimes/nodejs/index.ts'
import { RUNTIMES } from '../runtimes/registry.ts'
import type { Subject } from '../runtimes/runtime.ts'
import { dependencyPackage } from './dependency-package.ts'

type Name = 'nodejs' | 'python' | 'java'

async function said(runtime: Name, files: Record<string, TestFile>, change = asItIs) {
  const subject = change(await subjectOf(await dependencyOrderOf({ runtime }), files))
  return dependencyPackage.check(subject, RUNTIMES[runtime])
}

const asItIs = (subject: Subject) => subject
const empty = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, '']))

describe('libraries where the runtime finds them are silent', () => {
  test.each<[Name, string[]]>([
    ['nodejs', ['node_modules/left-pad/index.js']],
    ['nodejs', ['node_modules/@a/b/index.js', 'package.json', 'package-lock.json']],
    ['python', ['six.py', 'six-1.17.0.dist-info/METADATA']],
    ['python', ['requests/__init__.py', 'certifi/__init__.py']],
    ['python', ['google/protobuf/__init__.py']],
    ['python', ['_native.cpython-310-x86_64-linux-gnu.so']],
    ['python', ['lib/__init__.py']],
    ['python', ['setuptools/__init__.py', 'setuptools/_vendor/a-1.dist-info/METADATA']],
    ['java', ['gson-2.13.jar', 'README.md']],
  ])('%s: %j', async (runtime, paths) => {
    expect(await said(runtime, empty(...paths))).toEqual([])
  })
})

describe('anything else is an error that says where they are', () => {
  test.each<[Name, string[], string]>([
    ['nodejs', ['nodejs/node_modules/a/index.js'], 'everything in the folder "nodejs"'],
    ['nodejs', ['a/index.js', 'b/index.js'], 'found a/index.js, b/index.js'],
    ['python', ['python/six.py'], 'everything in the folder "python"'],
    ['python', ['python/lib/python3.10/site-packages/a-1.dist-info/METADATA'], 'site-packages"'],
    ['python', ['deps/six.py', 'deps/six-1.17.0.dist-info/METADATA'], 'folder "deps"'],
    ['python', ['README.md'], 'found README.md'],
    ['java', ['java/lib/gson.jar'], 'everything in the folder "java/lib"'],
    ['java', ['com/example/A.class'], 'everything in the folder "com"'],
  ])('%s: %j', async (runtime, paths, text) => {
    const [finding, ...more] = await said(runtime, empty(...paths))
    expect(more).toEqual([])
    expect(finding).toMatchObject({ rule: 'dependency-package', level: 'error' })
    expect(finding?.message).toContain('expected ')
    expect(finding?.message).toContain(text)
  })

  test('long lists are cut', async () => {
    const paths = Array.from({ length: 12 }, (_, index) => `m${index}/index.js`)
    const [finding] = await said('nodejs', empty(...paths))
    expect(finding?.message).toMatch(/index\.js and 4 more$/)
  })
})

test('names that end in a tilde are listed, of files and of folders', async () => {
  const paths = ['node_modules/a/index.js', 'node_modules/a/index.js~', 'node_modules/b~/c.js']
  const [finding, ...more] = await said('nodejs', empty(...paths))
  expect(more).toEqual([])
  expect(finding).toMatchObject({ level: 'error', path: 'node_modules/a/index.js~' })
  expect(finding?.message).toContain('node_modules/b~/c.js')
  expect(await said('nodejs', empty('node_modules/a~b/index.js'))).toEqual([])
})

test('30,000 files are the last number that is taken', async () => {
  const counted = (count: number) => (subject: Subject) => {
    const { archive } = subject.package
    const [entry] = archive.entries
    const entries = Array.from({ length: count }, () => entry as NonNullable<typeof entry>)
    return { ...subject, package: { ...subject.package, archive: { ...archive, entries } } }
  }
  const files = empty('node_modules/a/index.js')
  expect(await said('nodejs', files, counted(30_000))).toEqual([])
  const [finding] = await said('nodejs', files, counted(30_001))
  expect(finding).toMatchObject({ level: 'error' })
  expect(finding?.message).toContain('30001 files; CTYun FunctionGraph takes at most 30000')
})

test('300 MB is the largest size that is taken', async () => {
  const sized = (size: number) => (subject: Subject) => ({
    ...subject,
    package: { ...subject.package, file: { ...subject.package.file, size } },
  })
  const files = empty('node_modules/a/index.js')
  expect(await said('nodejs', files, sized(300 * 1024 * 1024))).toEqual([])
  const [finding] = await said('nodejs', files, sized(301 * 1024 * 1024))
  expect(finding?.message).toContain('301.0 MiB; CTYun FunctionGraph takes at most 300.0')
})

test('a function is not looked at', async () => {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler' })
  const subject = await subjectOf(order, empty('index.js', 'a~'))
  expect(await dependencyPackage.check(subject, nodejs)).toEqual([])
})
