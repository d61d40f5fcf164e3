import { describe, expect, test } from 'vitest'
import { attachedOf, orderOf, subjectOf, type TestFile } from '../../../../test/harness/subject.ts'
import { RUNTIMES } from '../runtimes/registry.ts'
import { dependencyClash } from './dependency-clash.ts'

type Files = Record<string, TestFile>

async function said(runtime: 'nodejs' | 'python' | 'java', own: Files, ...others: Files[]) {
  const handler = runtime === 'java' ? 'com.example.Hello.handle' : 'index.handler'
  const subject = await subjectOf(await orderOf({ runtime, handler }), own)
  const attached = others.map((files, index) => attachedOf(`libs-${index}`, files, index + 1))
  const dependencies = await Promise.all(attached)
  return dependencyClash.check({ ...subject, dependencies }, RUNTIMES[runtime])
}

describe('packages side by side are silent', () => {
  test('where no name stands twice', async () => {
    expect(
      await said('python', { 'index.py': '' }, { 'six.py': '' }, { 'yaml/__init__.py': '' }),
    ).toEqual([])
    expect(await said('java', { 'fn.jar': 'a' }, { 'gson.jar': 'b' })).toEqual([])
  })

  test('where only node_modules, a scope or .bin is shared', async () => {
    const own = { 'index.js': '', 'node_modules/a/index.js': '', 'node_modules/@s/x/index.js': '' }
    const one = { 'node_modules/b/index.js': '', 'node_modules/.bin/b': { linkTarget: '../b' } }
    const two = {
      'node_modules/@s/y/index.js': '',
      'node_modules/.bin/c': { linkTarget: '../@s/y' },
    }
    expect(await said('nodejs', own, one, two)).toEqual([])
  })

  test("where only installers' notes and caches are", async () => {
    const noted = (name: string) => ({
      [`node_modules/${name}/index.js`]: '',
      'node_modules/.package-lock.json': name,
    })
    expect(await said('nodejs', { 'index.js': '' }, noted('a'), noted('b'))).toEqual([])
    const cached = (name: string) => ({
      [`${name}.py`]: '',
      [`__pycache__/${name}.cpython-310.pyc`]: name,
    })
    expect(await said('python', { 'index.py': '' }, cached('a'), cached('b'))).toEqual([])
  })

  test('where what stands twice is equal', async () => {
    const six = { 'six.py': 'same', 'six-1.dist-info/METADATA': 'x' }
    expect(await said('python', { 'index.py': '', ...six }, six, six)).toEqual([])
  })

  test('and a function without any', async () => {
    expect(await said('python', { 'index.py': '' })).toEqual([])
  })
})

describe('a name in two of them is an error that lists it', () => {
  test("in the function's own package", async () => {
    const [finding, ...more] = await said(
      'python',
      { 'index.py': '', 'six.py': 'mine', 'data/a.txt': '' },
      { 'six.py': 'theirs', 'data/b.txt': '', 'yaml/__init__.py': '' },
    )
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      rule: 'dependency-clash',
      level: 'error',
      message: "libs-0@1 would overwrite in the function's own package: data, six.py",
      hint: expect.any(String),
      path: 'data',
    })
  })

  test('in another one', async () => {
    const findings = await said(
      'nodejs',
      { 'index.js': '' },
      { 'node_modules/a/index.js': '1', 'node_modules/b/index.js': '1' },
      { 'node_modules/a/index.js': '2', 'node_modules/@s/a/index.js': '1' },
    )
    expect(findings.map(({ message }) => message)).toEqual([
      'libs-1@2 would overwrite in libs-0@1: node_modules/a',
    ])
  })

  test('where only a mode or a link differs', async () => {
    const one = { 'node_modules/.bin/a': { linkTarget: '../b' }, 'node_modules/b/run': 'x' }
    const two = {
      'node_modules/.bin/a': { linkTarget: '../c' },
      'node_modules/b/run': { bytes: Buffer.from('x'), executable: true },
    }
    const [finding] = await said('nodejs', { 'index.js': '' }, one, two)
    expect(finding?.message).toContain('node_modules/.bin/a, node_modules/b')
  })

  test('where one has a file or a link and the other a folder', async () => {
    const linked = { 'index.js': '', 'lib/a.js': '', node_modules: { linkTarget: 'lib' } }
    const [upper] = await said('nodejs', linked, { 'node_modules/a/index.js': '' })
    expect(upper?.message).toContain('node_modules/a')
    const [lower] = await said(
      'nodejs',
      { 'node_modules/@s/a/index.js': '' },
      {
        'node_modules/@s': { linkTarget: 'b' },
        'node_modules/b/index.js': '',
      },
    )
    expect(lower?.message).toContain('node_modules/@s/a')
  })

  test('a long list is cut', async () => {
    const many = (text: string) =>
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`m${index}.py`, text]))
    const [finding] = await said('python', many('a'), many('b'))
    expect(finding?.message).toMatch(/, m\d+\.py and 10 more$/)
  })
})

test('a jar is one file: what is in it stands beside nothing', async () => {
  const manifest = { 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\n\r\n' }
  const order = await orderOf({ runtime: 'java', handler: 'com.example.Hello.handle' })
  const made = await subjectOf(order, { ...manifest, 'gson.jar': 'a' })
  const subject = { ...made, package: { ...made.package, format: 'jar' as const } }
  const dependencies = [await attachedOf('libs', { 'gson.jar': 'b' })]
  expect(await dependencyClash.check({ ...subject, dependencies }, RUNTIMES.java)).toEqual([])
})
