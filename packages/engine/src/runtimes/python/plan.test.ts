import { expect, test } from 'vitest'
import { orderOf, treeOf } from '../../../../../test/harness/subject.ts'
import type { Python, Tool } from '../../tools/tools.ts'
import type { Stage } from '../runtime.ts'
import { type InstallJob, JOB, LIST } from './install-job.ts'
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

/** What install.py is told to do. */
function jobOf([stage]: readonly Stage[]): InstallJob {
  return JSON.parse(stage?.files?.[JOB] ?? '{}')
}
const listOf = ([stage]: readonly Stage[]) => stage?.files?.[LIST]

test('nor where all of a lock file is for other platforms', async () => {
  const files = {
    Pipfile: '[packages]\ncolorama = {version = "*", markers = "os_name == \'nt\'"}\n',
    'Pipfile.lock':
      '{"default": {"colorama": {"version": "==0.4.6", "markers": "os_name == \'nt\'"}}}',
  }
  const order = await orderOf({ runtime: 'python', handler: 'index.handler' }, { pythons: [] })
  expect(await plan(treeOf(files), order)).toEqual([])
})

test('uv installs wheels for the requested Python and the glibc of the profile', async () => {
  const stages = await planned({ uv, pythons: [python('3.13.0'), python('3.10.1')] })
  expect(stages).toHaveLength(1)
  const job = jobOf(stages)
  expect(job.attempts[0]).toEqual([
    ...['/usr/bin/uv', 'pip', 'install', '--color', 'never', '--python', '/usr/bin/python3.13.0'],
    ...['--target', '../output', '--python-version', '3.10'],
    ...['--python-platform', 'x86_64-manylinux_2_17', '--only-binary', ':all:'],
    ...['--link-mode', 'copy', '--no-progress', '--requirement', 'requirements.txt'],
  ])
  expect(listOf(stages)).toBe('six  # requirements.txt, line 1\n')
  expect(stages[0]).toMatchObject({
    name: 'uv pip install',
    argv: ['/usr/bin/python3.13.0', '-I', '/build/home/install.py'],
    network: 'registries',
    env: { UV_CACHE_DIR: '/cache/uv' },
    because: 'requirements.txt; uv is on this worker',
  })
  expect(stages[0]?.tools.map(({ path }) => path)).toEqual([
    ...['/usr/bin/uv', '/usr/bin/python3.13.0', '/usr/bin/python3.10.1'],
  ])
})

test('wheels for a newer glibc are tried where the profile only guesses the platform’s', async () => {
  const job = jobOf(await planned({ uv, pythons: [python('3.13.0')] }))
  expect(job.attempts.map((argv) => after('--python-platform', argv))).toEqual([
    ['x86_64-manylinux_2_17'],
    ['x86_64-manylinux_2_28'],
  ])
  expect(job.glibc).toEqual([17, 28])
  const order = await orderOf(
    { runtime: 'python', handler: 'index.handler' },
    { pythons: [python('3.10.1')] },
  )
  const glibc = { version: '2.17', level: 'error' } as const
  const strict = await plan(treeOf(ASKS), { ...order, profile: { ...order.profile, glibc } })
  expect(jobOf(strict)).toMatchObject({ attempts: [expect.anything()], glibc: [17] })
})

test('what has no wheel is built by the very Python, else by the newest', async () => {
  const pythons = [python('3.13.0'), python('3.10.1'), python('2.7.18')]
  expect(jobOf(await planned({ uv, pythons }))).toMatchObject({
    builder: { path: '/usr/bin/python3.10.1', version: '3.10', same: true },
    uv: '/usr/bin/uv',
  })
  expect(
    jobOf(await planned({ pythons }, { version: '3.9', architecture: 'aarch64' })),
  ).toMatchObject({
    builder: { path: '/usr/bin/python3.13.0', version: '3.13', same: false },
    architecture: 'aarch64',
    uv: null,
  })
})

test('another architecture changes the platform and nothing else', async () => {
  const job = jobOf(await planned({ uv, pythons: [python('3.13.0')] }, { architecture: 'aarch64' }))
  expect(after('--python-platform', job.attempts[0])).toEqual(['aarch64-manylinux_2_17'])
})

test('without uv it is pip, of the very Python where that is here, with its markers', async () => {
  const pythons = [python('3.13.0'), python('3.10.1'), python('2.7.18')]
  const stages = await planned({ pythons })
  const [argv = []] = jobOf(stages).attempts
  expect(argv.slice(0, 4)).toEqual([
    ...['/usr/bin/python3.10.1', '-I', 'pip-for-target.py', 'install'],
  ])
  expect(after('--python-version', argv)).toEqual(['3.10'])
  expect(after('--abi', argv)).toEqual(['cp310'])
  expect(after('--platform', argv)[0]).toBe('manylinux_2_17_x86_64')
  expect(after('--platform', argv)).toContain('manylinux1_x86_64')
  expect(argv).toContain('--no-compile')
  expect(argv).toContain('--only-binary=:all:')
  const markers = JSON.parse(stages[0]?.files?.['/build/home/markers.json'] ?? '{}')
  expect(markers).toMatchObject({ python_version: '3.10', sys_platform: 'linux' })
})

test("else pip of the newest Python, which is said, and never 2.7's", async () => {
  const stages = await planned(
    { pythons: [python('3.13.0'), python('2.7.18')] },
    { version: '2.7' },
  )
  const [argv = []] = jobOf(stages).attempts
  expect(argv[0]).toBe('/usr/bin/python3.13.0')
  expect(after('--abi', argv)).toEqual(['cp27mu'])
  expect(stages[0]?.because).toContain('there is neither uv nor Python 2.7 with pip here')
})

test('Python 2.7 is left to pip: uv takes wheels that Linux distributions can not load', async () => {
  const stages = await planned({ uv, pythons: [python('3.13.0')] }, { version: '2.7' })
  expect(jobOf(stages).attempts[0]?.[0]).toBe('/usr/bin/python3.13.0')
})

test('the stage with the cache of the tenant takes wheels only, and git nothing of the source', async () => {
  for (const tools of [{ uv, pythons: [python('3.13.0')] }, { pythons: [python('3.13.0')] }]) {
    const [stage] = await planned(tools)
    const { env: own = {}, ...building } = stage?.otherwise ?? {}
    expect(stage).toMatchObject({ cache: 'tenant', env: { GIT_ALLOW_PROTOCOL: 'https' } })
    expect(jobOf(stage ? [stage] : []).builds).toBe(false)
    expect(building).toMatchObject({ cache: 'build' })
    expect(own).not.toHaveProperty('GIT_ALLOW_PROTOCOL')
    for (const env of [stage?.env, own]) expect(env).toHaveProperty('UV_NO_CONFIG', '1')
  }
})

test('hashes, constraints and lock files are told to both alike', async () => {
  const files = {
    'requirements.txt': 'six==1.16.0 --hash=sha256:aa\n-c held.txt\n',
    'held.txt': 'six<2\n',
  }
  for (const tools of [{ uv, pythons: [python('3.13.0')] }, { pythons: [python('3.13.0')] }]) {
    const stages = await planned(tools, {}, files)
    const [argv = []] = jobOf(stages).attempts
    expect(argv).toContain('--require-hashes')
    expect(argv).not.toContain('--no-deps')
    expect(after('--constraint', argv)).toEqual(['constraints.txt'])
    expect(stages[0]?.files?.['/build/home/constraints.txt']).toBe('six<2  # held.txt, line 1\n')
  }
  const locked = {
    Pipfile: '[packages]\nsix = "*"\n',
    'Pipfile.lock': '{"default": {"six": {"version": "==1.16.0", "hashes": ["sha256:aa"]}}}',
  }
  const order = await orderOf(
    { runtime: 'python', handler: 'index.handler' },
    { pythons: [python('3.13.0')] },
  )
  const [argv = []] = jobOf(await plan(treeOf(locked), order)).attempts
  expect(argv).toContain('--no-deps')
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

test('the entry is the file of the handler, for HTTP functions bootstrap', async () => {
  const event = await orderOf({ runtime: 'python', handler: 'src/index.handler' })
  expect(entries(event)).toEqual(['src/index.py'])
  expect(entries(await orderOf({ runtime: 'python', type: 'http' }))).toEqual(['bootstrap'])
})
