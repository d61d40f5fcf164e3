import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runTool } from '../process/run.ts'
import { findIsolation } from '../process/sandbox.ts'
import { findTools, type Python, type Tool } from './tools.ts'

const tools = await findTools({ path: process.env.PATH ?? '', home: homedir() })
const isolation = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-tools-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs a found tool as a stage does: with nothing but its own binds. */
async function start(argv: readonly string[], ...needed: readonly Tool[]): Promise<string> {
  const binds = needed.flatMap((tool) => tool.binds.map((path) => ({ from: path, to: path })))
  const env = { PATH: '/usr/bin:/bin', HOME: '/tmp', GOCACHE: '/tmp/go', LC_ALL: 'C.UTF-8' }
  const result = await runTool(isolation)(
    { argv, cwd: '/tmp', env, network: 'none', binds },
    { signal: AbortSignal.timeout(60_000), timeoutMs: 30_000, outputBytesMax: 1e6 },
  )
  expect(result.exitCode, result.output.join('\n')).toBe(0)
  return result.stdout + result.stderr
}

async function pythonWithout(left: string, python: Python): Promise<string> {
  const minor = python.version.split('.').slice(0, 2).join('.')
  const from = join(python.path, `../../lib/python${minor}`)
  const library = join(folder, 'bare', `lib/python${minor}`)
  await mkdir(library, { recursive: true })
  await mkdir(join(folder, 'bare/bin'))
  await copyFile(python.path, join(folder, 'bare/bin/python3'))
  const names = (await readdir(from)).filter((name) => name !== left && name !== 'ensurepip')
  await Promise.all(names.map((name) => symlink(join(from, name), join(library, name))))
  return join(folder, 'bare/bin')
}

describe('findTools', () => {
  it('gives plain values: what is sent is what arrives', () => {
    expect(JSON.parse(JSON.stringify(tools))).toEqual(
      Object.fromEntries(Object.entries(tools).filter(([, tool]) => tool !== undefined)),
    )
  })

  it.each(['nodejs', 'python', 'java', 'go', 'custom'] as const)(
    'looks for no more than functions of %s take, when it is told',
    async (only) => {
      const some = await findTools({ path: process.env.PATH ?? '', home: homedir(), only })
      const { node, nodes, npm, pythons, uv, jdks, maven, cc, git, sh } = some
      const wanted = (chain: string, found: unknown) =>
        ({ node: 'nodejs', python: 'python go', java: 'java', native: 'go custom' })[chain]
          ?.split(' ')
          .includes(only)
          ? found
          : undefined
      expect({ node, sh }).toEqual({ node: tools.node, sh: tools.sh })
      expect(nodes).toEqual(wanted('node', tools.nodes) ?? [tools.node])
      expect(npm).toEqual(wanted('node', tools.npm))
      expect({ pythons, uv }).toEqual({
        pythons: wanted('python', tools.pythons) ?? [],
        uv: wanted('python', tools.uv),
      })
      expect({ jdks, maven }).toEqual({
        jdks: wanted('java', tools.jdks) ?? [],
        maven: wanted('java', tools.maven),
      })
      expect([cc, git]).toEqual([wanted('native', tools.cc), wanted('native', tools.git)])
    },
  )

  it('has the Node.js that runs us, and it works with its binds alone', async () => {
    expect(tools.node.version).toBe(process.versions.node)
    for (const node of tools.nodes) {
      expect(await start([node.path, '--version'], node)).toBe(`v${node.version}\n`)
    }
    expect(tools.nodes).toContainEqual(tools.node)
  })

  it('has an npm that our Node.js runs', async ({ skip }) => {
    const { npm, node } = tools
    if (!npm) return skip('no npm here')
    expect((await start([node.path, npm.path, '--version'], node, npm)).trim()).toBe(npm.version)
  })

  it('has interpreters of Python, not shims, newest first', async ({ skip }) => {
    if (tools.pythons.length === 0) skip('no Python here')
    for (const python of tools.pythons) {
      const script = 'import sys, json, ctypes; print(".".join(map(str, sys.version_info[:3])))'
      expect((await start([python.path, '-c', script], python)).trim()).toBe(python.version)
      expect(python.path).not.toContain('shims')
    }
    const withPip = tools.pythons.find(({ hasPip }) => hasPip)
    if (withPip) await start([withPip.path, '-m', 'pip', '--version'], withPip)
    const minors = tools.pythons.map(({ version }) => version.split('.').map(Number))
    const sorted = minors.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => c - a || d - b)
    expect(minors.map(([a, b]) => `${a}.${b}`)).toEqual(sorted.map(([a, b]) => `${a}.${b}`))
  })

  it('tells a Python without pip and venv from no Python', async ({ skip }) => {
    const [python] = tools.pythons.filter(({ version }) => version.startsWith('3.'))
    if (!python) return skip('no Python here')
    const left = python.path.startsWith('/usr/') ? 'dist-packages' : 'site-packages'
    const path = await pythonWithout(left, python)
    const found = await findTools({ path, home: '/nonexistent' })
    expect(found.pythons).toMatchObject([
      { version: python.version, hasPip: false, hasVenv: false, path: join(path, 'python3') },
    ])
    expect(found.pythons[0]?.binds).toEqual([join(folder, 'bare')])
  })

  it('takes shims for what they are, and finds the versions beside them', async ({ skip }) => {
    const [python] = tools.pythons.filter(({ version }) => version.startsWith('3.'))
    if (!python) return skip('no Python here')
    const shims = join(folder, 'pyenv/shims')
    await mkdir(shims, { recursive: true })
    for (const name of ['python3', 'python', 'uv', 'go']) {
      await writeFile(join(shims, name), '#!/bin/sh\necho 3.99.0\n')
      await chmod(join(shims, name), 0o755)
    }
    expect((await findTools({ path: shims, home: '/nonexistent' })).pythons).toEqual([])
    const versions = join(folder, 'pyenv/versions/mine/bin')
    await mkdir(versions, { recursive: true })
    await symlink(python.path, join(versions, 'python3'))
    const found = await findTools({ path: shims, home: '/nonexistent' })
    expect(found.pythons.map(({ path }) => path)).toEqual([python.path])
    expect(found.uv).toBeUndefined()
  })

  it('has JDKs whose own javac answers with their release', async ({ skip }) => {
    if (tools.jdks.length === 0) skip('no JDK here')
    for (const jdk of tools.jdks) {
      expect(await start([jdk.javac, '-version'], jdk)).toContain(`javac ${jdk.version}`)
      expect(jdk.release).toBe(Number(jdk.version.split('.')[0]))
      await start([jdk.jar, '--version'], jdk)
    }
    const releases = tools.jdks.map(({ release }) => release)
    expect(releases).toEqual(releases.toSorted((a, b) => b - a))
    expect(tools.javac?.path).toBe(tools.jdks[0]?.javac)
  })

  it('has a Maven that starts with the JDK that it is given', async ({ skip }) => {
    const [jdk] = tools.jdks
    if (!tools.maven || !jdk) return skip('no Maven or no JDK here')
    const argv = ['/usr/bin/env', `JAVA_HOME=${jdk.home}`, tools.maven.path, '-B', '--version']
    const text = await start(argv, tools.maven, jdk)
    expect(text).toContain(`Apache Maven ${tools.maven.version}`)
    expect(text).toContain(`Java version: ${jdk.version}`)
  })

  it('has a Go that compiles, and a C compiler that links', async ({ skip }) => {
    if (!tools.go || !tools.cc) return skip('no Go or no C compiler here')
    expect(await start([tools.go.path, 'version'], tools.go)).toContain(`go${tools.go.version} `)
    const build = 'echo "int main(void){return 0;}" > m.c && "$0" m.c -o m && ./m'
    await start(['sh', '-c', build, tools.cc.path], tools.cc)
  })

  it('has git and sh', async ({ skip }) => {
    await start([tools.sh.path, '-c', 'true'], tools.sh)
    if (!tools.git) return skip('no git here')
    expect(await start([tools.git.path, '--version'], tools.git)).toContain(tools.git.version)
  })

  it('finds at least itself where there is nothing', async () => {
    const found = await findTools({ path: `relative::${folder}/nothing`, home: '/nonexistent' })
    expect(found.nodes).toEqual([tools.node])
    expect(found).toMatchObject({ npm: undefined, pythons: [], git: undefined, cc: undefined })
  })

  it('counts a tool that fails or prints nonsense as missing', async () => {
    const broken = join(folder, 'broken')
    await mkdir(broken)
    await writeFile(join(broken, 'git'), '#!/bin/sh\nexit 1\n')
    await writeFile(join(broken, 'gcc'), '#!/bin/sh\necho hello\n')
    await writeFile(join(broken, 'mvn'), '')
    for (const name of ['git', 'gcc', 'mvn']) await chmod(join(broken, name), 0o755)
    const found = await findTools({ path: broken, home: '/nonexistent' })
    expect(found).toMatchObject({ git: undefined, cc: undefined, maven: undefined })
  })
})
