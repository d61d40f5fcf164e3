import { expect, test } from 'vitest'
import { orderOf, treeOf } from '../../../../../test/harness/subject.ts'
import type { Python, Tool } from '../../tools/tools.ts'
import { entries, plan } from './plan.ts'

const uv: Tool = { name: 'uv', version: '0.13.9', path: '/usr/bin/uv', binds: [] }
const python = (version: string, hasPip = true): Python => ({
  name: 'Python',
  version,
  path: `/usr/bin/python${version}`,
  binds: [],
  hasPip,
  hasVenv: hasPip,
})
const ASKS = { 'requirements.txt': 'six\n', 'index.py': '' }

type Asked = Parameters<typeof orderOf>[0]
async function planned(
  tools: { pythons: Python[]; uv?: Tool },
  asked: Partial<Asked> = {},
  files = {},
) {
  const request = {
    runtime: 'python',
    handler: 'index.handler',
    version: '3.10',
    ...asked,
  } as const
  return plan(treeOf({ ...ASKS, ...files }), await orderOf(request, tools))
}

/** The values that follow a flag. */
function after(flag: string, argv: readonly string[] = []): string[] {
  return argv.flatMap((word, index) => (argv[index - 1] === flag ? [word] : []))
}

test('nothing is run where nothing is declared', async () => {
  const tools = { pythons: [] }
  expect(await planned(tools, {}, { 'requirements.txt': '# 没有\n' })).toEqual([])
})

test('uv installs wheels for the requested Python and the glibc of the profile', async () => {
  const [stage, ...more] = await planned({ uv, pythons: [python('3.13.0'), python('3.10.1')] })
  expect(more).toEqual([])
  expect(stage?.argv).toEqual([
    ...['/usr/bin/uv', 'pip', 'install', '--color', 'never', '--python', '/usr/bin/python3.13.0'],
    ...['--target', '/build/output', '--python-version', '3.10'],
    ...['--python-platform', 'x86_64-manylinux_2_17', '--only-binary', ':all:'],
    ...['--link-mode', 'copy', '--no-progress', '--requirements', 'requirements.txt'],
  ])
  expect(stage).toMatchObject({ network: 'registries', env: { UV_CACHE_DIR: '/cache/uv' } })
  expect(stage?.tools.map((tool) => tool.name)).toEqual(['uv', 'Python'])
})

test('wheels for a newer glibc are tried where the profile only guesses the platform’s', async () => {
  const [stage] = await planned({ uv, pythons: [python('3.13.0')] })
  expect(after('--python-platform', stage?.otherwise?.argv)).toEqual(['x86_64-manylinux_2_28'])
  expect(stage?.otherwise?.otherwise).toBeUndefined()
  const order = await orderOf(
    { runtime: 'python', handler: 'index.handler' },
    { pythons: [python('3.10.1')] },
  )
  const glibc = { version: '2.17', level: 'error' } as const
  const [strict] = await plan(treeOf(ASKS), { ...order, profile: { ...order.profile, glibc } })
  expect(strict?.otherwise).toBeUndefined()
})

test('another architecture changes the platform and nothing else', async () => {
  const [stage] = await planned({ uv, pythons: [python('3.13.0')] }, { architecture: 'aarch64' })
  expect(after('--python-platform', stage?.argv)).toEqual(['aarch64-manylinux_2_17'])
})

test('without uv it is pip, of the very Python where that is here', async () => {
  const pythons = [python('3.13.0'), python('3.10.1'), python('2.7.18')]
  const [stage] = await planned({ pythons })
  expect(stage?.argv.slice(0, 5)).toEqual(['/usr/bin/python3.10.1', '-I', '-m', 'pip', 'install'])
  expect(after('--python-version', stage?.argv)).toEqual(['3.10'])
  expect(after('--abi', stage?.argv)).toEqual(['cp310'])
  expect(after('--platform', stage?.argv)[0]).toBe('manylinux_2_17_x86_64')
  expect(after('--platform', stage?.argv)).toContain('manylinux1_x86_64')
  expect(stage?.argv).toContain('--no-compile')
  expect(stage?.argv).toContain('--only-binary=:all:')
})

test("else pip of the newest Python, which is said, and never 2.7's", async () => {
  const [stage] = await planned(
    { pythons: [python('3.13.0'), python('2.7.18')] },
    { version: '2.7' },
  )
  expect(stage?.argv[0]).toBe('/usr/bin/python3.13.0')
  expect(after('--abi', stage?.argv)).toEqual(['cp27mu'])
  expect(stage?.because).toBe('there is neither uv nor Python 2.7 with pip here')
})

test('no Python and no pip are told apart', async () => {
  await expect(planned({ pythons: [] })).rejects.toMatchObject({
    code: 'TOOL_MISSING',
    message: 'no Python here',
  })
  await expect(planned({ pythons: [python('3.11.2', false)] })).rejects.toMatchObject({
    code: 'TOOL_MISSING',
    message: 'no pip for Python here: Python 3.11.2 is, but without pip',
  })
})

test('what the tools can not read is written anew outside of the source', async () => {
  const files = {
    'requirements.txt': Buffer.from('\uFEFFsix\n', 'utf16le'),
  }
  const [stage] = await planned({ uv, pythons: [python('3.13.0')] }, {}, files)
  expect(stage?.argv.at(-1)).toBe('/build/home/requirements.txt')
  expect(stage?.files).toEqual({ '/build/home/requirements.txt': 'six\n' })
})

test('the entry is the file of the handler, for HTTP functions bootstrap', async () => {
  const event = await orderOf({ runtime: 'python', handler: 'src/index.handler' })
  expect(entries(event)).toEqual(['src/index.py'])
  expect(entries(await orderOf({ runtime: 'python', type: 'http' }))).toEqual(['bootstrap'])
})
