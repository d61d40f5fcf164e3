import { expect, test } from 'vitest'
import { type TestFile, treeOf } from '../../../../../../test/harness/subject.ts'
import { realFolders } from './real-folders.ts'

const link = (linkTarget: string) => ({ linkTarget })

function placed(files: Record<string, TestFile>) {
  return realFolders(treeOf(files).files).map(({ path, file }) => {
    return file.linkTarget === undefined ? path : `${path} -> ${file.linkTarget}`
  })
}

test('a folder of the source is copied to where its link was', () => {
  const files = {
    'lib/index.js': '',
    'lib/node_modules/ms/index.js': '',
    'node_modules/lib': link('../lib'),
    'node_modules/@team/lib': link('../../lib/'),
  }
  expect(placed(files).sort()).toEqual([
    'lib/index.js',
    'lib/node_modules/ms/index.js',
    'node_modules/@team/lib/index.js',
    'node_modules/@team/lib/node_modules/ms/index.js',
    'node_modules/lib/index.js',
    'node_modules/lib/node_modules/ms/index.js',
  ])
})

test('links to files, those that lead nowhere and those outside of node_modules stay', () => {
  const files = {
    'data/a.json': '',
    latest: link('data'),
    'node_modules/.bin/ms': link('../ms/cli.js'),
    'node_modules/ms/cli.js': '',
    'node_modules/gone': link('../gone'),
    'node_modules/out': link('../../out'),
  }
  expect(placed(files)).toEqual([
    'data/a.json',
    'latest -> data',
    'node_modules/.bin/ms -> ../ms/cli.js',
    'node_modules/gone -> ../gone',
    'node_modules/ms/cli.js',
    'node_modules/out -> ../../out',
  ])
})

test('a link out of a folder that is copied leads to the same file from its copy', () => {
  const files = {
    'packages/a/cli.js': '',
    'packages/a/node_modules/.bin/own': link('../../cli.js'),
    'packages/a/node_modules/.bin/ms': link('../../../../node_modules/ms/cli.js'),
    'node_modules/a': link('../packages/a'),
    'node_modules/ms/cli.js': '',
  }
  expect(placed(files).filter((path) => path.startsWith('node_modules/a/'))).toEqual([
    'node_modules/a/cli.js',
    'node_modules/a/node_modules/.bin/ms -> ../../../ms/cli.js',
    'node_modules/a/node_modules/.bin/own -> ../../cli.js',
  ])
})

test('folders that depend on each other end, and each finds the other by its name', () => {
  const files = {
    'a/index.js': '',
    'a/node_modules/b': link('../../b'),
    'b/index.js': '',
    'b/node_modules/a': link('../../a'),
    'node_modules/a': link('../a'),
  }
  expect(placed(files).filter((path) => path.startsWith('node_modules/'))).toEqual([
    'node_modules/a/index.js',
    'node_modules/a/node_modules/b/index.js',
  ])
})

test('what is found further up under the same name is not copied again', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
  const links = names.flatMap((one) =>
    names.map((two) => [`packages/${one}/node_modules/${two}`, link(`../../${two}`)] as const),
  )
  const files = {
    ...Object.fromEntries(links),
    ...Object.fromEntries(names.map((name) => [`packages/${name}/index.js`, ''])),
    ...Object.fromEntries(
      names.map((name) => [`node_modules/${name}`, link(`../packages/${name}`)]),
    ),
  }
  const copies = placed(files).filter((path) => path.startsWith('node_modules/'))
  expect(copies.sort()).toEqual(names.map((name) => `node_modules/${name}/index.js`))
})

test('a link to a link is followed, a ring of them is not', () => {
  const files = {
    'lib/index.js': '',
    alias: link('lib'),
    'node_modules/lib': link('../alias'),
    'node_modules/x': link('y'),
    'node_modules/y': link('x'),
  }
  expect(placed(files)).toEqual([
    'alias -> lib',
    'lib/index.js',
    'node_modules/x -> y',
    'node_modules/y -> x',
    'node_modules/lib/index.js',
  ])
})
