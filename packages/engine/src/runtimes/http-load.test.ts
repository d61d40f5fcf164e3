import { expect, test } from 'vitest'
import { orderOf, subjectOf } from '../../../../test/harness/subject.ts'
import type { Jdk, Python, Tool } from '../tools/tools.ts'
import { httpLoad } from './http-load.ts'

const node = (version: string, path: string): Tool => ({
  name: 'Node.js',
  version,
  path,
  binds: [path],
})
const OWN = node('24.21.0', '/own/node')
const PYTHON: Python = {
  name: 'Python',
  version: '3.10.13',
  path: '/pythons/3.10/bin/python3.10',
  binds: ['/pythons/3.10'],
  hasPip: true,
  hasVenv: true,
}
const SYSTEM_PYTHON: Python = { ...PYTHON, version: '3.11.2', path: '/usr/bin/python3', binds: [] }
const JDK = {
  name: 'JDK',
  version: '17.0.15',
  release: 17,
  home: '/jdks/17',
  binds: [],
} as unknown as Jdk
const TOOLS = { node: OWN, nodes: [OWN], pythons: [PYTHON, SYSTEM_PYTHON], jdks: [JDK] }

async function checkOf(bootstrap: string, tools: Partial<typeof TOOLS> = {}, version?: string) {
  const order = await orderOf({ runtime: 'nodejs', type: 'http', version }, { ...TOOLS, ...tools })
  const bytes = Buffer.from(bootstrap)
  return httpLoad(await subjectOf(order, { bootstrap: { bytes, executable: true } }))
}

test('a bootstrap that brings all it needs is proved by its own start', async () => {
  const check = await checkOf('#!/bin/sh\nexec ./server\n')
  expect(check).toMatchObject({ same: true, fenced: true, loadedBy: { en: 'its own bootstrap' } })
  expect(check).toMatchObject({ env: { RUNTIME_CODE_ROOT: '/opt/function/code' } })
})

test("the platform's Node.js is stood in for by the same major version, at its path", async () => {
  const path = '/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node'
  const script = `${path} $RUNTIME_CODE_ROOT/index.js\n`
  const nodes = [OWN, node('20.20.2', '/nvm/20/node')]
  const check = await checkOf(script, { nodes })
  expect(check).toMatchObject({
    same: true,
    loadedBy: { en: 'its own bootstrap with Node.js 20.20.2' },
  })
  expect(check).toMatchObject({
    binds: expect.arrayContaining([{ from: '/nvm/20/node', to: path }]),
  })
  expect(await checkOf(script)).toMatchObject({
    same: false,
    because: { en: 'bootstrap starts Node.js 20.15' },
    loadedBy: { en: 'its own bootstrap with Node.js 24.21.0' },
  })
})

test('a Python of its own folder is shown as a whole, the system one as a file', async () => {
  const home = '/opt/function/runtime/python3.10/rtsp/python'
  const script = `#!/bin/sh\n${home}/bin/python3 -u $RUNTIME_CODE_ROOT/index.py\n`
  expect(await checkOf(script)).toMatchObject({
    same: true,
    binds: expect.arrayContaining([{ from: '/pythons/3.10', to: home }]),
  })
  expect(await checkOf(script, { pythons: [SYSTEM_PYTHON] })).toMatchObject({
    same: false,
    binds: expect.arrayContaining([{ from: '/usr/bin/python3', to: `${home}/bin/python3` }]),
  })
})

test('a JDK is shown where the platform has its Java', async () => {
  const home = '/opt/function/runtime/java17/rtsp/jre'
  const check = await checkOf(`${home}/bin/java -jar $RUNTIME_CODE_ROOT/hello.jar\n`)
  expect(check).toMatchObject({
    same: true,
    binds: expect.arrayContaining([{ from: '/jdks/17', to: home }]),
  })
})

test('what nothing here can stand in for leaves it not loaded, with the path', async () => {
  const php = '/opt/function/runtime/php8.3/rtsp/php/bin/php'
  expect(await checkOf(`${php} -S 127.0.0.1:8000\n`)).toMatchObject({
    kind: 'unavailable',
    because: { en: `nothing on this worker stands in for ${php}` },
  })
  const script = '/opt/function/runtime/python3.9/rtsp/python/bin/python3 index.py\n'
  expect(await checkOf(script, { pythons: [] })).toMatchObject({ kind: 'unavailable' })
})

test('an interpreter that the platform may not have keeps it from being proved', async () => {
  expect(await checkOf('#!/usr/bin/env python3\n')).toMatchObject({
    same: false,
    because: { en: expect.stringContaining('/usr/bin/env python3') },
  })
})

test('a bootstrap that starts another version than the request says proves nothing of that', async () => {
  const script = 'exec /opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node server.js\n'
  const nodes = [OWN, node('20.20.2', '/nvm/20/node')]
  expect(await checkOf(script, { nodes }, '18.15')).toMatchObject({
    same: false,
    because: { en: 'bootstrap starts Node.js 20.15, and the request says 18.15' },
  })
  expect(await checkOf(script, { nodes }, '20.15')).toMatchObject({ same: true })
})
