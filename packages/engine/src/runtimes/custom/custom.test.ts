import { expect, test } from 'vitest'
import { orderOf, subjectOf, treeOf } from '../../../../../test/harness/subject.ts'
import { collect } from './collect.ts'
import { detect } from './detect.ts'
import { load } from './load.ts'
import { entries, plan } from './plan.ts'

const SCRIPT = { bytes: Buffer.from('#!/bin/sh\n'), executable: true }

test('bootstrap at the root tells a custom runtime, and that it is finished', async () => {
  const tree = treeOf({ bootstrap: SCRIPT, 'lib/a.txt': 'a' })
  expect(await detect(tree)).toEqual({ because: 'bootstrap', finished: 'bootstrap' })
  expect(await detect(treeOf({ 'app/bootstrap': SCRIPT }))).toBeUndefined()
  expect(entries()).toEqual(['bootstrap'])
})

test('nothing is run, and bootstrap is packed executable', async () => {
  const tree = treeOf({ bootstrap: '#!/bin/sh\n', 'data.txt': '数据', '.git/HEAD': 'ref' })
  expect(await plan()).toEqual([])
  const made = await collect(tree)
  expect(made.format).toBe('zip')
  expect(made.entries.map(({ path, executable }) => [path, executable])).toEqual([
    ['bootstrap', true],
    ['data.txt', false],
  ])
})

test('an event bootstrap is proved by what it is', async () => {
  const order = await orderOf({ runtime: 'custom', handler: 'any' })
  expect(await load(await subjectOf(order, { bootstrap: SCRIPT }))).toEqual({
    kind: 'inspected',
    because: 'bootstrap is a script for /bin/sh',
  })
})

test('an interpreter that the platform may not have keeps it from being proved', async () => {
  const order = await orderOf({ runtime: 'custom', handler: 'any' })
  const bootstrap = { bytes: Buffer.from('#!/usr/bin/env perl\n'), executable: true }
  const check = await load(await subjectOf(order, { bootstrap }))
  expect(check).toMatchObject({ kind: 'unavailable' })
  expect(check.because).toContain('/usr/bin/env perl')
})
