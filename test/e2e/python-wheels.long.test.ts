import { openArchive } from '@packline/archive'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readElf } from '../../packages/engine/src/elf.ts'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'

const LIMITS = { entriesMax: 10_000, unpackedBytesMax: 1e9, ratioMax: 1100 }
const BUILD_MS_MAX = 300_000

/** The last versions that have wheels for each. Of Python 2.7 there is none for aarch64. */
const OLDEST = { numpy: '1.16.6', Pillow: '6.2.2' }
const OLD = { numpy: '1.19.5', Pillow: '8.4.0' }
const NEW = { numpy: '1.26.4', Pillow: '10.4.0', 'pydantic-core': '2.23.4' }

/** A module of each that is machine code, without the ending that names Python and machine. */
const MODULES: Record<string, string> = {
  numpy: 'numpy/core/_multiarray_umath',
  Pillow: 'PIL/_imaging',
  'pydantic-core': 'pydantic_core/_pydantic_core',
}

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
})
afterAll(() => engine.close())

test.for([
  ['2.7', 'x86_64', OLDEST, '.so'],
  ['3.6', 'x86_64', OLD, '.cpython-36m-x86_64-linux-gnu.so'],
  ['3.6', 'aarch64', OLD, '.cpython-36m-aarch64-linux-gnu.so'],
  ['3.9', 'x86_64', NEW, '.cpython-39-x86_64-linux-gnu.so'],
  ['3.9', 'aarch64', NEW, '.cpython-39-aarch64-linux-gnu.so'],
  ['3.10', 'x86_64', NEW, '.cpython-310-x86_64-linux-gnu.so'],
  ['3.10', 'aarch64', NEW, '.cpython-310-aarch64-linux-gnu.so'],
  ['3.12', 'x86_64', NEW, '.cpython-312-x86_64-linux-gnu.so'],
  ['3.12', 'aarch64', NEW, '.cpython-312-aarch64-linux-gnu.so'],
] as const)(
  'Python %s on %s gets its own wheels, whatever this machine is',
  { timeout: BUILD_MS_MAX },
  async ([version, architecture, wanted, ending], context) => {
    needs(context, 'pip')
    const lines = Object.entries(wanted).map((pair) => `${pair.join('==')}\n`)
    const files = {
      'index.py': 'def handler(event, context):\n    return event\n',
      'requirements.txt': lines.join(''),
    }
    const { outcome, path = '' } = await engine.build({
      function: 'wheels',
      runtime: 'python',
      handler: 'index.handler',
      build: { load: false },
      source: { kind: 'inline', files },
      version,
      architecture,
    })
    expect(outcome.status === 'failed' && outcome.failure).toBe(false)
    expect(outcome.report.findings).toEqual([])
    const archive = await openArchive({ path }, { limits: LIMITS })
    try {
      for (const name of Object.keys(wanted)) {
        const bytes = await archive.read(`${MODULES[name]}${ending}`, 1e8)
        expect([name, readElf(bytes)?.machine]).toEqual([name, architecture])
      }
    } finally {
      await archive.close()
    }
  },
)
