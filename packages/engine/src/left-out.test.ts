import { PacklineError } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { treeOf } from '../../../test/harness/subject.ts'
import { IGNORE_FILE, leftOutBy, leftOutOf, pathsOut } from './left-out.ts'

const { ofSource, ofPackage, ofFinished } = leftOutBy('', {})

describe('by itself', () => {
  test.each([
    '.git',
    '.git/HEAD',
    'lib/.git',
    'vendor/x/.git/config',
    '.vscode/settings.json',
    '.idea/workspace.xml',
    '.index.js.swp',
    '.DS_Store',
    'lib/.DS_Store',
    '._index.js',
    'lib/._part.js',
    'Thumbs.db',
    '.settings/org.eclipse.core.prefs',
    'index.js~',
    'npm-debug.log',
    'npm-debug.log.1',
    '.gradle/8.5/checksums.lock',
    '__pycache__/a.pyc',
    'node_modules/.cache/a',
    '__MACOSX/._index.js',
    '.gitignore',
    '.packlineignore',
    'packline.yaml',
    '.packline-draft.json',
  ])('%s stays out of source and package', (path) => {
    expect([ofSource.isOut(path), ofPackage.isOut(path)]).toEqual([true, true])
  })

  test.each([
    'index.js',
    '.env',
    '.gitkeep',
    'git/HEAD',
    'lib/.github/a.js',
    'my.git/a.js',
    'cache/a.js',
    'node_modules/ms/index.js',
    'DS_Store',
    '_index.js',
    'a._b',
    '.Git/HEAD',
    'lib/packline.yaml',
  ])('%s stays in', (path) => {
    expect([ofSource.isOut(path), ofPackage.isOut(path)]).toEqual([false, false])
  })

  test('nothing stays out of a package that was handed in finished', () => {
    expect(ofFinished.isOut('.git/HEAD')).toBe(false)
  })
})

describe('the ignore file', () => {
  test('is of the source alone: what a build makes anew under that name is kept', () => {
    const out = leftOutBy('# notes\n\nnode_modules/\n*.md\n!README.md\n', {})
    expect(out.ofSource.isOut('node_modules/ms/index.js')).toBe(true)
    expect(out.ofPackage.isOut('node_modules/ms/index.js')).toBe(false)
    expect(['a.md', 'lib/a.md', 'README.md'].map(out.ofSource.isOut)).toEqual([true, true, false])
  })

  test('takes back what stays out by itself, to the end', () => {
    const out = leftOutBy('!.vscode\r\n', {})
    expect(out.ofSource.isOut('.vscode/settings.json')).toBe(false)
    expect(out.ofPackage.isOut('.vscode/settings.json')).toBe(false)
  })

  test('is read at the root of the tree', async () => {
    const tree = treeOf({ [IGNORE_FILE]: 'a.txt', [`lib/${IGNORE_FILE}`]: 'b.txt' })
    const out = await leftOutOf(tree, {} as never)
    expect(['a.txt', 'b.txt'].map(out.ofSource.isOut)).toEqual([true, false])
  })

  test('that is hostile or endless is refused, with the line', () => {
    const refusal = (text: string) => {
      try {
        leftOutBy(text, {})
      } catch (error) {
        return error instanceof PacklineError ? `${error.code} ${error.message}` : error
      }
      return undefined
    }
    expect(refusal('a\n**/b/**/c/**\n')).toMatch(/^MANIFEST_INVALID \.packlineignore:2: .*3 times/)
    expect(refusal('a\n'.repeat(2000))).toMatch(/^MANIFEST_INVALID .*2001 lines/)
    expect(refusal('**/b/**/c\n')).toBeUndefined()
  })
})

describe('the request', () => {
  test('excludes from the package, not from the source that it is built from', () => {
    const out = leftOutBy('', { exclude: ['src/', '*.map'] })
    expect(['src/index.ts', 'lib/a.js.map'].map(out.ofSource.isOut)).toEqual([false, false])
    expect(['src/index.ts', 'lib/a.js.map'].map(out.ofPackage.isOut)).toEqual([true, true])
    expect(out.ofFinished.isOut('lib/a.js.map')).toBe(true)
  })

  test('includes against everything that leaves out', () => {
    const build = { exclude: ['node_modules/'], include: ['node_modules/ms/', '.git/HEAD', 'a.md'] }
    const out = leftOutBy('*.md', build)
    const kept = ['node_modules/ms/index.js', '.git/HEAD', 'a.md']
    expect(kept.map(out.ofSource.isOut)).toEqual([false, false, false])
    expect(kept.map(out.ofPackage.isOut)).toEqual([false, false, false])
    expect(['node_modules/b/index.js', '.git/config'].map(out.ofPackage.isOut)).toEqual([
      true,
      true,
    ])
  })

  test('is refused where a pattern could be laid over a path in too many ways', () => {
    const wrong = () => leftOutBy('', { include: ['a', '**/b/**/c/**'] })
    expect(wrong).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST', at: 'build.include[1]' }),
    )
  })
})

test('a folder need not be looked into where nothing below it can be kept', () => {
  expect(ofSource.isWholeOut('.git')).toBe(true)
  expect(ofSource.isWholeOut('lib')).toBe(false)
  expect(leftOutBy('', { include: ['.git/HEAD'] }).ofSource.isWholeOut('.git')).toBe(false)
})

test('deep paths against the worst patterns that are allowed are matched in time', async () => {
  const star = `${'*a'.repeat(100)}b`
  const out = leftOutBy('', { exclude: [star, `**/${'a/'.repeat(20)}**/b`] })
  const files = Array.from({ length: 200 }, (_, at) => ({
    path: `${'a'.repeat(250)}/${'a/'.repeat(300)}${at}`,
  }))
  const startedAt = performance.now()
  expect((await pathsOut(out.ofPackage, files)).size).toBe(0)
  expect(performance.now() - startedAt).toBeLessThan(5000)
})
