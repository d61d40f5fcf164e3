import { expect, test } from 'vitest'
import { orderOf, treeOf } from '../../../../../test/harness/subject.ts'
import type { Tool } from '../../tools/tools.ts'
import { detect } from './detect.ts'
import { entries, plan } from './plan.ts'

const node: Tool = { name: 'Node.js', version: '24.21.0', path: '/node/bin/node', binds: ['/node'] }
const npm: Tool = { name: 'npm', version: '11.0.0', path: '/npm/npm-cli.js', binds: ['/npm'] }
const asks = JSON.stringify({ dependencies: { ms: '2.1.3' } })

async function planned(files: Record<string, string>, tools = { node, npm }, request = {}) {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler', ...request }, tools)
  return plan(treeOf(files), order)
}

test('nothing is run where no dependency is declared, with or without a package.json', async () => {
  expect(await planned({ 'index.js': '' })).toEqual([])
  expect(await planned({ 'index.js': '', 'package.json': '{"type":"module"}' })).toEqual([])
  const development = JSON.stringify({ devDependencies: { vitest: '5' } })
  expect(await planned({ 'package.json': development })).toEqual([])
})

test.each(['package-lock.json', 'npm-shrinkwrap.json'])('with %s it is npm ci', async (lock) => {
  const [stage, ...more] = await planned({ 'package.json': asks, [lock]: '{}' })
  expect(more).toEqual([])
  expect(stage?.name).toBe('npm ci')
  expect(stage?.argv.slice(0, 3)).toEqual(['/node/bin/node', '/npm/npm-cli.js', 'ci'])
  expect(stage?.because).toContain(lock)
})

test('without a lock file it is npm install, and says so', async () => {
  const [stage] = await planned({ 'package.json': asks })
  expect(stage).toMatchObject({ name: 'npm install', network: 'registries' })
  expect(stage?.because).toContain('no lock file')
})

test('what npm writes of its own stays out, and a registry that is away is told in time', async () => {
  const [stage] = await planned({ 'package.json': asks })
  expect(stage?.argv).toEqual(expect.arrayContaining(['--no-package-lock', '--no-save']))
  const [locked] = await planned({ 'package.json': asks, 'package-lock.json': '{}' })
  expect(locked?.argv).not.toContain('--no-package-lock')
  for (const { env } of [stage, locked].filter((one) => one !== undefined)) {
    expect(Number(env?.npm_config_fetch_timeout)).toBeLessThanOrEqual(60_000)
    expect(env?.npm_config_logs_max).toBe('0')
  }
})

test('a lock file that is not followed is named', async () => {
  const [stage] = await planned({ 'package.json': asks, 'yarn.lock': '' })
  expect(stage).toMatchObject({ name: 'npm install', because: expect.stringMatching(/yarn\.lock/) })
})

test('workspaces are linked by npm; a folder that is not there is refused before', async () => {
  const [stage] = await planned({ 'package.json': '{"workspaces":["packages/*"]}' })
  expect(stage?.name).toBe('npm install')
  const outside = JSON.stringify({ dependencies: { lib: 'file:../lib' } })
  await expect(planned({ 'package.json': outside })).rejects.toThrow(/outside of the source/)
})

test('the version of Node.js that runs npm refuses nothing', async () => {
  const [stage] = await planned({ 'package.json': asks })
  expect(stage?.argv).toContain('--no-engine-strict')
})

test('development dependencies and install scripts stay out', async () => {
  const [stage] = await planned({ 'package.json': asks })
  expect(stage?.argv).toContain('--omit=dev')
  expect(stage?.argv).toContain('--ignore-scripts')
})

test('packages are those for the function’s architecture, whatever the worker is', async () => {
  const [stage] = await planned({ 'package.json': asks }, undefined, { architecture: 'aarch64' })
  expect(stage?.argv).toContain('--cpu=arm64')
  expect(stage?.argv).toContain('--os=linux')
})

test('a worker without npm says what it lacks', async () => {
  const lacking = planned({ 'package.json': asks }, { node, npm: undefined as never })
  await expect(lacking).rejects.toMatchObject({ code: 'TOOL_MISSING', message: 'no npm here' })
})

test('a package.json that does not parse is told with the place', async () => {
  await expect(planned({ 'package.json': '{ "dependencies": { "ms": }' })).rejects.toMatchObject({
    code: 'MANIFEST_INVALID',
  })
  await expect(planned({ 'package.json': '{ "dependencies": ["ms"] }' })).rejects.toThrow(
    /"dependencies"/,
  )
})

test('the entry file has any extension that Node.js loads; HTTP functions have bootstrap', async () => {
  const event = await orderOf({ runtime: 'nodejs', handler: 'src/index.handler' })
  expect(entries(event)).toEqual(['src/index.js', 'src/index.mjs', 'src/index.cjs'])
  const http = await orderOf({ runtime: 'nodejs', type: 'http' })
  expect(entries(http)).toEqual(['bootstrap'])
})

test('a tree is told by package.json, else by code at the root', async () => {
  expect(await detect(treeOf({ 'package.json': asks }))).toEqual({
    because: 'package.json',
    declares: 'dependencies in package.json',
  })
  expect(await detect(treeOf({ 'main.mjs': '' }))).toEqual({ because: 'main.mjs' })
  expect(await detect(treeOf({ 'lib/main.js': '' }))).toBeUndefined()
})

test('node_modules says that it was installed already', async () => {
  const tree = treeOf({ 'index.js': '', 'node_modules/ms/index.js': '' })
  expect(await detect(tree)).toMatchObject({ finished: 'node_modules' })
})
