import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile, treeOf } from '../../../../../test/harness/subject.ts'
import { check } from './check.ts'
import { collect } from './collect.ts'
import { detect } from './detect.ts'
import { load } from './load.ts'

const SCRIPT = { bytes: Buffer.from('#!/bin/sh\n'), executable: true }

test('bootstrap at the root tells a custom runtime, and that it is finished', async () => {
  const tree = treeOf({ bootstrap: SCRIPT, 'lib/a.txt': 'a', Makefile: 'build:\n' })
  expect(await detect(tree)).toEqual({ because: 'bootstrap', finished: 'bootstrap' })
  expect(await detect(treeOf({ 'app/bootstrap': SCRIPT }))).toBeUndefined()
})

test('a Makefile tells one where it names the folder that packages go into', async () => {
  const makefile = 'build:\n\tcp run $(ARTIFACTS_DIR)/bootstrap\n'
  expect(await detect(treeOf({ Makefile: makefile }))).toEqual({
    because: 'Makefile',
    declares: 'Makefile',
  })
  expect(await detect(treeOf({ Makefile: 'build:\n\tgo build\n' }))).toBeUndefined()
  const linked = { Makefile: { linkTarget: 'other' }, other: makefile }
  expect(await detect(treeOf(linked))).toBeUndefined()
})

async function packed(source: Record<string, TestFile>, output: Record<string, TestFile> = {}) {
  const made = await collect(treeOf(source), treeOf(output))
  expect(made.format).toBe('zip')
  return made.entries.map(({ path, executable }) => [path, executable])
}

test('the source is packed as it stands, bootstrap executable', async () => {
  const source = { bootstrap: '#!/bin/sh\n', 'data.txt': '数据' }
  expect(await packed(source)).toEqual([
    ['bootstrap', true],
    ['data.txt', false],
  ])
})

test('what a command wrote into its folder is all of the package', async () => {
  expect(await packed({ 'main.c': '', Makefile: '' }, { bootstrap: 'ELF', 'a/b': SCRIPT })).toEqual(
    [
      ['a/b', true],
      ['bootstrap', true],
    ],
  )
})

test('a package without bootstrap is told, and where a build is to write it', async () => {
  const said = async (files: Record<string, TestFile>, command?: string[]) => {
    const order = await orderOf({ runtime: 'custom', handler: 'any', build: { command } })
    return check(await subjectOf(order, files))
  }
  expect(await said({ bootstrap: SCRIPT })).toEqual([])
  const [wrapped] = await said({ 'app/bootstrap': SCRIPT })
  expect(wrapped?.hint).toContain('build.unwrap')
  expect((await said({ Makefile: '' }))[0]?.hint).toContain('$PACKLINE_OUTPUT')
  expect((await said({ 'main.c': '' }, ['make']))[0]?.hint).toContain('$PACKLINE_OUTPUT')
})

test('an event bootstrap is proved by what it is', async () => {
  const order = await orderOf({ runtime: 'custom', handler: 'any' })
  expect(await load(await subjectOf(order, { bootstrap: SCRIPT }))).toMatchObject({
    kind: 'inspected',
    because: { en: 'bootstrap is a script for /bin/sh' },
  })
})

test('an interpreter that the platform may not have keeps it from being proved', async () => {
  const order = await orderOf({ runtime: 'custom', handler: 'any' })
  const bootstrap = { bytes: Buffer.from('#!/usr/bin/env perl\n'), executable: true }
  const check = await load(await subjectOf(order, { bootstrap }))
  expect(check).toMatchObject({ kind: 'unavailable' })
  expect(check.because?.en).toContain('/usr/bin/env perl')
})
