import { toFailure } from '@packline/shared'
import { expect, test } from 'vitest'
import { orderOf, type TestFile, treeOf } from '../../../../../test/harness/subject.ts'
import type { Order } from '../runtime.ts'
import { plan } from './plan.ts'

const SCRIPT = { bytes: Buffer.from('#!/bin/sh\n'), executable: true }
const MAKE = { name: 'make', version: '4.3', path: '/usr/bin/make', binds: [] }
const GO = { name: 'Go', version: '1.26.8', path: '/opt/go/bin/go', binds: ['/opt/go'] }
const SH = { name: 'sh', version: 'POSIX', path: '/bin/sh', binds: [] }

async function stagesOf(
  files: Record<string, TestFile>,
  request: { command?: string[]; function?: string } = {},
  tools: Partial<Order['tools']> = { make: MAKE, go: GO, sh: SH },
) {
  const { command, ...rest } = request
  const order = await orderOf(
    { runtime: 'custom', handler: 'any', build: { command }, ...rest },
    tools,
  )
  return plan(treeOf(files), order)
}

async function failureOf(...given: Parameters<typeof stagesOf>) {
  return toFailure(await stagesOf(...given).catch((error) => error))
}

test('a bootstrap that is there needs no build, whatever stands beside it', async () => {
  expect(await stagesOf({ bootstrap: SCRIPT, Makefile: 'build:\n' })).toEqual([])
  expect(await stagesOf({ 'main.c': '' })).toEqual([])
})

test('a command runs without network, and is told where the package goes', async () => {
  const [stage, ...more] = await stagesOf({ 'a.c': '' }, { command: ['cc', 'a b.c'] })
  expect(more).toEqual([])
  expect(stage).toMatchObject({
    name: 'build.command',
    argv: ['/bin/sh', '-c', 'exec "$@"', 'sh', 'cc', 'a b.c'],
    network: 'none',
    failure: 'COMPILE_FAILED',
  })
  expect(stage?.tools.map(({ name }) => name)).toEqual(['make', 'Go'])
  expect(stage?.env).toEqual({
    HOME: '/build/home',
    XDG_CACHE_HOME: '/cache/command',
    PATH: '/usr/bin:/opt/go/bin:/usr/local/bin:/bin',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    SOURCE_DATE_EPOCH: '315532800',
    PACKLINE_OUTPUT: '/build/output',
    ARTIFACTS_DIR: '/build/output',
    PACKLINE_ARCHITECTURE: 'x86_64',
  })
})

const targetIn = async (Makefile: string) => {
  const [stage] = await stagesOf({ Makefile }, { function: 'hello' })
  return stage?.argv
}

test.each([
  ['all:\n\ttrue\nbuild: all\n', 'build'],
  ['build other:\nbuild-hello: x\n', 'build-hello'],
  ['a build-hello b::\n', 'build-hello'],
  ['build-%:\n\ttrue\n', 'build'],
  ['include rules.mk\nall:\n', 'build'],
  ['$(TARGETS): x\n', 'build'],
])('the target of %j is %s', async (makefile, target) => {
  expect(await targetIn(makefile)).toEqual(['/usr/bin/make', target])
})

test('a Makefile without a target for it is told with those that it has', async () => {
  const Makefile = 'NAME := build\n.PHONY: all\nall: clean\n\techo build: x\nclean:\n'
  expect(await failureOf({ Makefile }, { function: 'hello' })).toMatchObject({
    code: 'ENTRY_MISSING',
    detail:
      'expected the target build-hello or build in Makefile; found all (Makefile:3), clean (Makefile:5)',
  })
})

test('a worker without make says so', async () => {
  const failure = await failureOf({ Makefile: 'build:\n' }, {}, { sh: SH })
  expect(failure).toMatchObject({ code: 'TOOL_MISSING', detail: 'no make here' })
})

test('a command that starts a file of the source needs it as Linux starts one', async () => {
  const command = ['./tools/build.sh', 'x']
  expect(await stagesOf({ 'tools/build.sh': SCRIPT }, { command })).toHaveLength(1)
  expect(await failureOf({ 'build.sh': SCRIPT }, { command })).toMatchObject({
    code: 'ENTRY_MISSING',
    detail: 'build.command starts ./tools/build.sh, which is not in the source',
  })
  expect(await failureOf({ 'tools/build.sh': '#!/bin/sh\n' }, { command })).toMatchObject({
    code: 'MANIFEST_INVALID',
    detail: 'tools/build.sh is not executable',
  })
  const windows = { bytes: Buffer.from('#!/bin/sh\r\necho\r\n'), executable: true }
  const failure = await failureOf({ 'tools/build.sh': windows }, { command })
  expect(failure.detail).toMatch(/^tools\/build\.sh:1: its lines end in CRLF/)
  expect(await stagesOf({}, { command: ['/usr/bin/make', 'x'] })).toHaveLength(1)
})
