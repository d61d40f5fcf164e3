import { expect, test } from 'vitest'
import { orderOf, treeOf } from '../../../../../test/harness/subject.ts'
import type { Tool } from '../../tools/tools.ts'
import { detect } from './detect.ts'
import { entries, plan } from './plan.ts'

const node: Tool = { name: 'Node.js', version: '24.21.0', path: '/node/bin/node', binds: ['/node'] }
const npm: Tool = { name: 'npm', version: '11.0.0', path: '/npm/npm-cli.js', binds: ['/npm'] }
const YARN_LOCK = '# yarn lockfile v1\n\nms@2.1.3:\n  version "2.1.3"\n'
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
  const [stage] = await planned({ 'package.json': asks, 'bun.lock': '' })
  expect(stage).toMatchObject({ name: 'npm install', because: expect.stringMatching(/bun\.lock/) })
})

const names = async (files: Record<string, string>, request = {}) =>
  (await planned(files, undefined, request)).map(({ name, network }) => `${name}: ${network}`)

test('Yarn and pnpm come from the registry, and install by their frozen lock file', async () => {
  expect(await names({ 'package.json': asks, 'yarn.lock': YARN_LOCK })).toEqual([
    'npm ci of Yarn 1.22.22: registries',
    'yarn install: registries',
  ])
  const berry = { 'package.json': asks, 'yarn.lock': '__metadata:\n  version: 10\n' }
  expect(await names(berry)).toEqual([
    'npm ci of Yarn 4.18.1: registries',
    'yarn install: registries',
  ])
  const pnpm = { 'package.json': asks, 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }
  expect(await names(pnpm)).toEqual([
    'npm ci of pnpm 10.34.9: registries',
    'pnpm install: registries',
  ])
  for (const [files, flag] of [
    [{ 'package.json': asks, 'yarn.lock': YARN_LOCK }, '--frozen-lockfile'],
    [berry, '--immutable'],
    [pnpm, '--frozen-lockfile'],
  ] as const) {
    expect((await planned(files)).at(-1)?.argv).toContain(flag)
  }
})

test('a package manager is fetched with the integrity that is known of it', async () => {
  const manifest = (field: string) => JSON.stringify({ ...JSON.parse(asks), packageManager: field })
  const lockOf = async (field: string) => {
    const [stage] = await planned({ 'package.json': manifest(field) })
    return JSON.parse(stage?.files?.['/build/tools/package-lock.json'] ?? '').packages
  }
  const hex = 'ab'.repeat(64)
  const integrity = `sha512-${Buffer.from(hex, 'hex').toString('base64')}`
  expect(await lockOf(`pnpm@9.15.9+sha512.${hex}`)).toMatchObject({
    'node_modules/pnpm': { version: '9.15.9', integrity },
  })
  expect(await lockOf('pnpm@9.15.9')).toMatchObject({ 'node_modules/pnpm': { version: '9.15.9' } })
  expect((await lockOf('yarn@1.22.22'))['node_modules/yarn'].integrity).toMatch(/^sha512-/)
  const stages = await planned({ 'package.json': manifest(`yarn@4.5.0+sha512.${hex}`) })
  expect(stages.map(({ name }) => name)).toEqual([
    'npm ci of Yarn 4.5.0',
    'hash of Yarn 4.5.0',
    'yarn install',
  ])
  expect(stages[1]).toMatchObject({ network: 'none' })
  expect(stages[1]?.argv.slice(-2)).toEqual(['sha512', hex])
})

test.each([
  ['npm', {}, '--ignore-scripts', '--dangerously-allow-all-scripts'],
  ['yarn', { 'yarn.lock': YARN_LOCK }, '--ignore-scripts', undefined],
  [
    'pnpm',
    { 'pnpm-lock.yaml': 'lockfileVersion: 9.0\n' },
    '--ignore-scripts',
    '--config.dangerously-allow-all-builds=true',
  ],
])(
  '%s runs install scripts where the request allows it, and the report says so',
  async (_name, lock, off, on) => {
    const files = { 'package.json': asks, ...lock }
    const allowed = await planned(files, undefined, { build: { installScripts: true } })
    expect((await planned(files)).at(-1)?.argv).toContain(off)
    expect(allowed.at(-1)?.argv).not.toContain(off)
    if (on) expect(allowed.at(-1)?.argv).toContain(on)
    expect(allowed.at(-1)).toMatchObject({
      network: 'registries',
      because: expect.stringContaining('install scripts run'),
      env: expect.objectContaining({ PATH: '/build/home/bin:/node/bin:/usr/bin:/bin' }),
    })
    // What fetches the package manager itself runs none.
    for (const stage of allowed.slice(0, -1)) expect(stage.argv).toContain('--ignore-scripts')
  },
)

test('Yarn’s plugins and constraints are the project’s code: off with its scripts, on with them', async () => {
  const rc =
    'npmRegistryServer: "https://registry.example"\nplugins:\n  - ./evil.cjs\nenableConstraintsChecks: true\n'
  const files = {
    'package.json': asks,
    'yarn.lock': '__metadata:\n  version: 8\n',
    '.yarnrc.yml': rc,
  }
  const written = async (text: string) => {
    const stages = await planned({ ...files, '.yarnrc.yml': text })
    return stages.at(-1)?.files?.['/build/source/.yarnrc.yml']
  }
  expect(await written(rc)).toBe('npmRegistryServer: https://registry.example\n')
  // As Yarn reads it, whatever way the name is written, and however the file begins.
  expect(await written('a: &name plugins\n*name : [./evil.cjs]\n')).toBe('a: plugins\n')
  expect(await written('# yarn lockfile v1\n\nhttpTimeout: 1e3\n')).toBe('httpTimeout: 1e3\n')
  expect(await written('# yarn lockfile v1\n')).toBe('')
  expect(await written('- plugins\n')).toBe('')
  const places =
    'installStatePath: /cache/x\ncacheFolder: ./deps\nlockfileFilename: ../../cache/x\n'
  expect(await written(`${places}virtualFolder: \${HOME}/x\n`)).toBe('cacheFolder: ./deps\n')
  const allowed = await planned(files, undefined, { build: { installScripts: true } })
  expect(allowed.at(-1)?.files?.['/build/source/.yarnrc.yml']).toBeUndefined()
  await expect(planned({ ...files, '.yarnrc.yml': 'a: [\n' })).rejects.toThrow(/^\.yarnrc\.yml:\d/)
})

test('git is asked from outside of the source, which it might take for a repository', async () => {
  const last = (await planned({ 'package.json': asks })).at(-1)
  expect(last).toMatchObject({
    cache: 'tenant',
    env: { PACKLINE_SOURCE: '/build/source', PATH: '/build/home/bin:/usr/bin:/bin' },
    files: { '/build/home/bin/git': expect.stringContaining('cd /') },
  })
})

test('what fetches a package manager has the warm cache, whatever the source brings', async () => {
  const stages = await planned({ 'package.json': asks, 'yarn.lock': YARN_LOCK, '.npmrc': '' })
  expect(stages.map(({ cache }) => cache)).toEqual(['tenant', 'build'])
})

test('a bundle is made after the install, without network', async () => {
  const bundle = { build: { bundle: true } }
  expect(await names({ 'package.json': asks, 'index.ts': '' }, bundle)).toEqual([
    'npm install: registries',
    'bundle: none',
  ])
  expect(await names({ 'index.ts': '' }, bundle)).toEqual(['bundle: none'])
})

test('TypeScript is not packed as it is', async () => {
  const refused = { code: 'ENTRY_MISSING', hint: expect.stringContaining('build.bundle') }
  await expect(planned({ 'index.ts': '' })).rejects.toMatchObject(refused)
  await expect(planned({ 'src/index.ts': '' })).rejects.toMatchObject(refused)
  await expect(planned({ 'tsconfig.json': '{}' })).rejects.toMatchObject(refused)
  expect(await planned({ 'index.js': '', 'index.ts': '', 'tsconfig.json': '{}' })).toEqual([])
  // Nothing of that name at all is the rule entry-at-root's to tell.
  expect(await planned({ 'main.js': '' })).toEqual([])
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
  expect(await detect(treeOf({ 'main.ts': '' }))).toEqual({ because: 'main.ts' })
  expect(await detect(treeOf({ 'lib/main.js': '' }))).toBeUndefined()
})

test('node_modules says that it was installed already', async () => {
  const tree = treeOf({ 'index.js': '', 'node_modules/ms/index.js': '' })
  expect(await detect(tree)).toMatchObject({ finished: 'node_modules' })
})
