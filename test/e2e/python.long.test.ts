import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openArchive } from '@packline/archive'
import type { BuildRequestInput, Failure } from '@packline/shared'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readElf } from '../../packages/engine/src/elf.ts'
import { registryAccess } from '../../packages/engine/src/registry-access.ts'
import { minorOf } from '../../packages/engine/src/runtimes/python/interpreters.ts'
import { readExamples } from '../../services/start/src/examples.ts'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'
import { uvFor } from '../harness/uv.ts'

const run = promisify(execFile)
const LIMITS = { entriesMax: 10_000, unpackedBytesMax: 1e9, ratioMax: 1100 }
const HELLO = '# -*- coding:utf-8 -*-\ndef handler(event, context):\n    return u"你好"\n'

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
})
afterAll(() => engine.close())
beforeEach((context) => needs(context, 'python'))

type Files = Extract<BuildRequestInput['source'], { kind: 'inline' }>['files']

async function built(files: Files, more: Partial<BuildRequestInput> = {}): Promise<TestBuild> {
  const source = { kind: 'inline', files } as const
  return engine.build({
    ...{ function: 'hello', runtime: 'python', version: '3.10', handler: 'index.handler' },
    ...{ source, ...more },
  } as BuildRequestInput)
}

function failureOf({ outcome }: TestBuild): Failure {
  if (outcome.status !== 'failed') throw new Error('the build did not fail')
  return outcome.failure
}

async function pathsOf({ path, outcome }: TestBuild): Promise<string[]> {
  if (!path) throw new Error(JSON.stringify(outcome.status === 'failed' && outcome.failure))
  const archive = await openArchive({ path }, { limits: LIMITS })
  await archive.close()
  return archive.entries.map((entry) => entry.path)
}

/** Files that this process holds open; a large package is one on disk. */
async function openBelow(folder: string): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd').catch(() => [])
  const paths = numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => ''))
  return (await Promise.all(paths)).filter((path) => path.startsWith(folder))
}

/** Whether the Python that the packages here are for is on this machine. */
const has310 = () => engine.tools.pythons.some(({ version }) => minorOf(version) === '3.10')

describe('a function without dependencies', () => {
  test('is proved where its Python is here, else checked, and nothing was run', async () => {
    const { outcome } = await built({ 'index.py': HELLO })
    expect(outcome.status).toBe('succeeded')
    expect(outcome.report.findings).toEqual([])
    expect(outcome.report.verdict.verdict).toBe(has310() ? 'proved' : 'checked')
    expect(outcome.report.tools.map(({ name }) => name)).toEqual(['load check'])
  })

  test('whose module throws says what, in which file and line', async () => {
    const files = {
      'index.py': 'import shop\n',
      'shop.py': '# -*- coding:utf-8 -*-\nopen("/没有/的文件")\n',
    }
    const build = await built({ ...files, 'index.py': `${HELLO}import shop\n` })
    const { findings } = build.outcome.report
    expect(findings).toMatchObject([{ rule: 'handler-exists', path: 'shop.py', line: 2 }])
    expect(findings[0]?.message).toContain('No such file or directory')
    if (has310()) expect(failureOf(build)).toMatchObject({ code: 'VALIDATION_FAILED' })
    else expect(findings).toMatchObject([{ level: 'warning' }])
  })

  test('whose handler is misspelt names what there is', async () => {
    const failure = failureOf(await built({ 'index.py': 'def handle(event, context): ...\n' }))
    expect(failure.code).toBe('VALIDATION_FAILED')
    expect(failure.detail).toContain('index.py has no function "handler"; it defines handle')
  })

  test("that takes the platform's own requests is checked, not proved, and says why", async () => {
    const { outcome } = await built({ 'index.py': `${HELLO}import requests\n` })
    expect(outcome).toMatchObject({ status: 'succeeded', report: { findings: [] } })
    expect(outcome.report.verdict).toMatchObject({
      verdict: 'checked',
      because: expect.stringContaining("the platform's own requests"),
    })
  })

  test('handed in as a finished package passes through byte for byte', async () => {
    const { path } = await built({ 'index.py': HELLO })
    const sent = await readFile(path ?? '')
    const upload = createHash('sha256').update(sent).digest('hex')
    const request = { function: 'hello', runtime: 'python', handler: 'index.handler' } as const
    const { outcome } = await engine.build(
      { ...request, source: { kind: 'upload', upload } },
      { uploads: { [upload]: sent } },
    )
    expect(outcome).toMatchObject({ package: { sha256: upload }, report: { as: 'package' } })
  })
})

describe.each(['pip', 'uv'] as const)('dependencies by %s', (installer) => {
  let own: TestEngine['tools']['uv']
  beforeEach(async (context) => {
    needs(context, 'pip')
    own = engine.tools.uv
    engine.tools.uv = installer === 'uv' ? await uvFor(context, engine.tools) : undefined
  })
  afterEach(() => {
    engine.tools.uv = own
  })

  const PINNED = 'Jinja2==3.1.6\nMarkupSafe==3.0.2\n'

  test('stand at the root, without notes and caches, and load', async () => {
    const build = await built({ 'index.py': `${HELLO}import jinja2\n`, 'requirements.txt': PINNED })
    const paths = await pathsOf(build)
    expect(paths).toContain('jinja2/__init__.py')
    expect(paths).toContain('jinja2-3.1.6.dist-info/METADATA')
    expect(paths).toContain('markupsafe/_speedups.cpython-310-x86_64-linux-gnu.so')
    expect(paths.filter((path) => /INSTALLER|REQUESTED|\.pyc|^bin\//.test(path))).toEqual([])
    const { report } = build.outcome
    expect(report.findings).toEqual([])
    expect(report.tools[0]?.name).toBe(installer === 'uv' ? 'uv' : 'Python')
    if (has310()) expect(report.verdict.verdict).toBe('proved')
  })

  test.for([
    ['2.7', 'MarkupSafe==1.1.1', 'markupsafe/_speedups.so'],
    ['3.6', 'MarkupSafe==2.0.1', 'markupsafe/_speedups.cpython-36m-x86_64-linux-gnu.so'],
    ['3.12', 'MarkupSafe==3.0.2', 'markupsafe/_speedups.cpython-312-x86_64-linux-gnu.so'],
  ])('are wheels for Python %s, whatever Python is here', async ([version = '', line = '', so]) => {
    const files = { 'index.py': `${HELLO}import markupsafe\n`, 'requirements.txt': line }
    const build = await built(files, { version })
    expect(await pathsOf(build)).toContain(so)
    expect(build.outcome.report.findings.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('are wheels for the architecture that is asked for', async () => {
    const other = process.arch === 'arm64' ? 'x86_64' : 'aarch64'
    const build = await built(
      { 'index.py': `${HELLO}import markupsafe\n`, 'requirements.txt': 'MarkupSafe==3.0.2\n' },
      { architecture: other },
    )
    const so = `markupsafe/_speedups.cpython-310-${other}-linux-gnu.so`
    expect(await pathsOf(build)).toContain(so)
    const archive = await openArchive({ path: build.path ?? '' }, { limits: LIMITS })
    expect(readElf(await archive.read(so, 1e7))?.machine).toBe(other)
    await archive.close()
    expect(build.outcome.report.verdict.verdict).toBe('not-loaded')
  })

  test('that have no wheel for the glibc that the profile guesses are taken with a warning', async () => {
    const files = {
      'index.py': `${HELLO}import numpy\n`,
      'requirements.txt': 'numpy==2.3.5\n',
    }
    const { outcome } = await built(files, { version: '3.12' })
    expect(outcome.status).toBe('succeeded')
    expect(outcome.report.findings).toMatchObject([{ rule: 'target-libc', level: 'warning' }])
    expect(outcome.report.verdict.verdict).toBe('checked')
    expect(outcome.report.verdict.because).toMatch(
      /numpy \(numpy\S+ and \d+ more\) needs glibc 2\.27/,
    )
    expect(await openBelow(engine.folder)).toEqual([])
  })

  test('come from pyproject.toml too', async () => {
    const project = '[project]\nname = "hello"\nversion = "1"\ndependencies = ["six==1.16.0"]\n'
    const build = await built({ 'index.py': `${HELLO}import six\n`, 'pyproject.toml': project })
    expect(await pathsOf(build)).toContain('six.py')
  })

  test('are held to their hashes', async () => {
    const right = '8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254'
    const wanted = (sha256: string) => ({
      'index.py': HELLO,
      'requirements.txt': `six==1.16.0 --hash=sha256:${sha256}\n`,
    })
    const good = await built(wanted(right))
    const bad = await built(wanted('1'.repeat(64)))
    expect(good.outcome.status).toBe('succeeded')
    expect(failureOf(bad).code).toBe('INSTALL_FAILED')
    expect(failureOf(bad).detail).toContain(
      'six==1.16.0 is not the file that the hash names (requirements.txt, line 1)',
    )
  })

  test('that do not exist are named', async () => {
    const line = 'packline-has-no-such-dependency==1.0'
    const build = await built({ 'index.py': HELLO, 'requirements.txt': line })
    expect(failureOf(build)).toMatchObject({ code: 'DEPENDENCY_NOT_FOUND', blame: 'caller' })
    expect(failureOf(build).detail).toContain('packline-has-no-such-dependency')
    expect(failureOf(build).output?.join('\n')).toContain('packline-has-no-such-dependency')
  })

  test('without a wheel are built', async () => {
    const files = { 'index.py': `${HELLO}import docopt\n`, 'requirements.txt': 'docopt==0.6.2\n' }
    expect(await pathsOf(await built(files))).toContain('docopt-0.6.2.dist-info/METADATA')
  })

  test('are not looked for in modules of the source that have the names of the tool’s own', async () => {
    const trap = 'raise SystemExit("the trap was run")\n'
    const traps = { 'json.py': trap, 'pip.py': trap, 'sitecustomize.py': trap, 'logging.py': trap }
    const files = { ...traps, 'index.py': HELLO, 'requirements.txt': 'six==1.16.0\n' }
    const build = await built(files, { build: { load: false } })
    // Installed all the same; that such names are refused is another rule.
    expect(failureOf(build)).toMatchObject({ step: 'validate', code: 'VALIDATION_FAILED' })
    expect(failureOf(build).findings?.map(({ rule }) => rule)).toContain('stdlib-shadow')
    expect(build.log.join('\n')).toMatch(/\+ six==1\.16\.0|Successfully installed six-1\.16\.0/)
    expect(build.log.join('\n')).not.toContain('the trap was run')
  })

  test('of a registry that does not answer are a fault of the platform', async () => {
    const { of: given } = engine.registries
    const { of } = await registryAccess({ pip: { indexUrl: 'http://127.0.0.1:9/simple' } })
    Object.assign(engine.registries, { of })
    const files = { 'index.py': HELLO, 'requirements.txt': 'packline-unreachable==1.0\n' }
    const build = await built(files)
    Object.assign(engine.registries, { of: given })
    expect(failureOf(build)).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', blame: 'platform' })
  })
})

test('pip and uv make the same bytes', async (context) => {
  needs(context, 'pip', 'compiler', 'python310')
  const own = engine.tools.uv
  const files = {
    'index.py': HELLO,
    // greenlet has headers, Flask a script, docopt no wheel, crcmod has to be compiled.
    'requirements.txt':
      'Jinja2==3.1.6\nMarkupSafe==3.0.2\nFlask==3.0.3\ngreenlet==3.1.1\ndocopt==0.6.2\ncrcmod==1.7\n',
  }
  const sha256Of = async (uv: typeof own) => {
    engine.tools.uv = uv
    const { outcome } = await built(files)
    if (outcome.status === 'failed') throw new Error(outcome.failure.detail)
    return outcome.package.sha256
  }
  const byPip = await sha256Of(undefined)
  const byUv = await sha256Of(await uvFor(context, engine.tools))
  engine.tools.uv = own
  expect(byUv).toBe(byPip)
}, 300_000)

describe('the examples', () => {
  test.for([
    ['hello-python', '{"greeting": "你好，世界"}'],
    ['python-with-pip', '<p>你好，世界</p>'],
  ])('%s is packed, unpacked and called', async ([name = '', body], context) => {
    if (name === 'python-with-pip') needs(context, 'pip')
    const examples = await readExamples(join(import.meta.dirname, '../../examples'))
    const example = examples.find((one) => one.name === name)
    if (!example) throw new Error(`packline.yaml has no ${name}`)
    const { outcome, path = '' } = await engine.build(example.request)
    expect(outcome).toMatchObject({ status: 'succeeded', report: { findings: [] } })
    const python = engine.tools.pythons.find((one) => minorOf(one.version) === '3.10')
    if (!python) return context.skip('no Python 3.10 here to call it with')
    const folder = await mkdtemp(join(tmpdir(), 'packline-call-'))
    try {
      await run(python.path, ['-m', 'zipfile', '-e', path, folder])
      const script = 'import index, json; print(json.dumps(index.handler({}, None)))'
      const { stdout } = await run(python.path, ['-B', '-c', script], { cwd: folder })
      expect(JSON.parse(stdout)).toEqual({ statusCode: 200, body })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
