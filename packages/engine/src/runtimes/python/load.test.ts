import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, type TestContext, test } from 'vitest'
import { needs } from '../../../../../test/harness/needs.ts'
import { orderOf, subjectOf } from '../../../../../test/harness/subject.ts'
import { runTool } from '../../process/run.ts'
import { findIsolation } from '../../process/sandbox.ts'
import { findPythons } from '../../tools/find-pythons.ts'
import type { Python } from '../../tools/tools.ts'
import { minorOf } from './interpreters.ts'
import { load } from './load.ts'

const open = await findIsolation({ unsandboxed: true })
const isolation = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
const search = { path: process.env.PATH ?? '', home: homedir() }
const { pythons } = await findPythons(runTool(open), search)

interface Loading {
  version?: string
  handler?: string
  initializer?: string
  env?: Record<string, string>
}

/** What the loader answers for these files, run as the pipeline does. */
async function loaded(python: Python, files: Record<string, string>, loading: Loading = {}) {
  const { version = minorOf(python.version), handler = 'index.handler', initializer } = loading
  const asked = ['2.7', '3.6', '3.9', '3.10', '3.12'].includes(version) ? version : '3.10'
  const request = { runtime: 'python', version: asked, handler, initializer } as const
  const subject = await subjectOf(await orderOf(request, { pythons: [python] }), files)
  const check = await load(subject)
  if (check.kind !== 'command') throw new Error(check.because.en)
  const code = await mkdtemp(join(tmpdir(), 'packline-python-'))
  try {
    // The sandbox's user is another one.
    await chmod(code, 0o755)
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(code, path)), { recursive: true })
      await writeFile(join(code, path), text)
    }
    const signal = AbortSignal.timeout(30_000)
    const limits = { signal, timeoutMs: 20_000, outputBytesMax: 1e6 }
    const { stdout, output } = await runTool(isolation)(
      {
        argv: check.argv,
        cwd: subject.profile.codeRoot,
        env: { ...check.env, ...loading.env },
        network: 'none',
        binds: [{ from: code, to: subject.profile.codeRoot }, ...check.binds],
      },
      { ...limits, input: 'token\n' },
    )
    const line = stdout.split('\n').find((text) => text.startsWith('token '))
    if (line === undefined) throw new Error(`no answer: ${output.join('\n')}`)
    return { answer: JSON.parse(line.slice('token '.length)), check }
  } finally {
    await rm(code, { recursive: true })
  }
}

function newest(context: TestContext): Python {
  needs(context, 'python')
  const [python] = pythons
  if (!python) throw new Error('needs found a Python that findPythons did not')
  return python
}

const HELLO = '# -*- coding: utf-8 -*-\ndef handler(event, context):\n    return u"你好"\n'

test.for(['2.7', '3.6', '3.9', '3.10', '3.12'])(
  'loads a handler with Python %s',
  async (version, context) => {
    const python = pythons.find((one) => minorOf(one.version) === version)
    if (!python) return context.skip(`no Python ${version} here`)
    const { answer, check } = await loaded(python, { 'index.py': HELLO })
    expect(answer).toEqual({ ok: true })
    expect(check).toMatchObject({ same: true, loadedBy: { en: `Python ${python.version}` } })
  },
)

test('another version than the one asked for is said', async (context) => {
  const python = newest(context)
  const version = minorOf(python.version) === '3.9' ? '3.10' : '3.9'
  const { check } = await loaded(python, { 'index.py': HELLO }, { version })
  expect(check).toMatchObject({
    same: false,
    because: { en: `the request says Python ${version}` },
  })
})

test('a module that throws is told with message, path and line of the own code', async (context) => {
  const { answer } = await loaded(newest(context), {
    'index.py': 'import shop\n\ndef handler(event, context): ...\n',
    'shop.py': '# 商店\nimport installed\ninstalled.fail()\n',
    'installed.py': 'def fail():\n    raise ValueError("坏了")\n',
    'installed-1.0.dist-info/top_level.txt': 'installed\n',
  })
  expect(answer).toEqual({ ok: false, message: 'ValueError: 坏了', path: 'shop.py', line: 3 })
})

test('a syntax error is told where it stands', async (context) => {
  const { answer } = await loaded(newest(context), { 'index.py': 'ok = 1\ndef handler(:\n' })
  expect(answer).toMatchObject({ ok: false, path: 'index.py', line: 2 })
  expect(answer.message).toContain('SyntaxError')
})

test('a missing or not callable handler or initializer is named', async (context) => {
  const python = newest(context)
  const files = { 'index.py': 'handler = 1\ndef main(event, context): ...\n' }
  const first = await loaded(python, files)
  expect(first.answer).toMatchObject({
    ok: false,
    fault: 'noFunction',
    found: ['index.py', 'handler'],
  })
  const loading = { handler: 'index.main', initializer: 'index.prepare' }
  const second = await loaded(python, files, loading)
  expect(second.answer.found).toEqual(['index.py', 'prepare'])
})

test('a module that exits, prints or keeps threads still gets its answer', async (context) => {
  const python = newest(context)
  const exits = await loaded(python, { 'index.py': 'import sys\nsys.exit(3)\n' })
  expect(exits.answer).toEqual({ ok: false, fault: 'exits', found: ['sys.exit(3)'] })
  const busy = `import sys, threading, time
print("no newline", end="")
sys.stdout = None
threading.Thread(target=time.sleep, args=(600,)).start()
def handler(event, context): ...
`
  expect((await loaded(python, { 'index.py': busy })).answer).toEqual({ ok: true })
})

test('the code sees neither the token nor what this machine has installed', async (context) => {
  const text = `import os, sys
assert os.read(0, 1) == b""
assert not [path for path in sys.path if path.endswith("-packages")], sys.path
assert os.environ["RUNTIME_CODE_ROOT"] == os.getcwd() == sys.path[0]
def handler(event, context): ...
`
  expect((await loaded(newest(context), { 'index.py': text })).answer).toEqual({ ok: true })
})

test("stand-ins take the place of the platform's own libraries, and are said", async (context) => {
  const python = newest(context)
  const text = `import requests
import numpy as np
from requests.adapters import HTTPAdapter
from obs import ObsClient
class Adapter(HTTPAdapter): ...
session = requests.Session()
session.mount("https://", Adapter())
table = np.zeros((3, 3)) * 2 + 1
@np.vectorize
def handler(event, context): ...
`
  const { answer } = await loaded(python, { 'index.py': text })
  expect(answer).toEqual({ ok: true, assumed: ['numpy', 'obs', 'requests'] })
  const own = { 'index.py': `import requests\n${HELLO}`, 'requests.py': '' }
  expect((await loaded(python, own)).answer).toEqual({ ok: true })
  const absent = await loaded(python, { 'index.py': 'import flask\n' })
  expect(absent.answer).toMatchObject({ ok: false, path: 'index.py', line: 1 })
})

test('a library of the package that looks for a part it does not have gets no stand-in', async (context) => {
  const files = {
    'index.py': `${HELLO}import requests\n`,
    'requests/__init__.py': 'try:\n    import requests._none\nexcept ImportError:\n    pass\n',
  }
  expect((await loaded(newest(context), files)).answer).toEqual({ ok: true })
  const two = pythons.find((one) => minorOf(one.version) === '2.7')
  if (two) expect((await loaded(two, files)).answer).toEqual({ ok: true })
})

test('Python 2 prefers what the package brings to a stand-in', async (context) => {
  const python = pythons.find((one) => minorOf(one.version) === '2.7')
  if (!python) return context.skip('no Python 2.7 here')
  const files = { 'index.py': `${HELLO}import requests\n`, 'requests/__init__.py': '' }
  expect((await loaded(python, files)).answer).toEqual({ ok: true })
  const nested = { 'src/index.py': HELLO }
  const { answer } = await loaded(python, nested, { handler: 'src/index.handler' })
  expect(answer).toEqual({ ok: true })
})

test('without any Python it says so', async () => {
  const order = await orderOf({ runtime: 'python', handler: 'index.handler' }, { pythons: [] })
  expect(await load(await subjectOf(order, { 'index.py': HELLO }))).toEqual({
    kind: 'unavailable',
    because: { en: 'there is no Python on this worker', zh: '这个工作节点上没有 Python' },
  })
})
