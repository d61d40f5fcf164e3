import { readdir } from 'node:fs/promises'
import type { BuildRequestInput } from '@packline/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'
import { libArchive, libBelow, wheelThatNeeds } from '../harness/python-sources.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { uvFor } from '../harness/uv.ts'

const MS_MAX = 5 * 60_000

type Files = Extract<BuildRequestInput['source'], { kind: 'inline' }>['files']

let engine: TestEngine
beforeEach(async (context) => {
  needs(context, 'sandbox', 'pip')
  engine = await testEngine({ cacheFolder: temporaryFolder() })
})
afterEach(() => engine?.close())

const SOURCE = 'file:///build/source'
const HERE = '--no-index\n--find-links /build/source/dist\n'
const asking = (list: string): Files => ({ 'requirements.txt': list })
const needing = async (requirement: string, first = '--no-index'): Promise<Files> => {
  const wheel = await wheelThatNeeds(requirement)
  return {
    'requirements.txt': `${first}\n./needs-1.0-py3-none-any.whl\n`,
    'needs-1.0-py3-none-any.whl': { base64: wheel.toString('base64') },
  }
}

/** Sources that would have lib built, which dist/ has as an archive and lib/ as a folder. */
const SOURCES: Record<string, () => Files | Promise<Files>> = {
  'the beginning of an option': () => asking(`${HERE}--no-bin lib\nlib\n`),
  'beginnings that cancel --only-binary': () => asking(`${HERE}--only-b :none:\n--no-b lib\nlib\n`),
  'an option behind another': () => asking(`${HERE}--pre --no-binary lib\nlib\n`),
  'an option behind a line end that is no "\\n"': () =>
    asking(`--no-index\n--find-links /build/source/dist\r--no-binary lib\nlib\n`),
  'an editable folder behind an option': () => needing('lib', '--no-index -e /build/source/lib'),
  'an address in another case': () => asking(`--no-index\nlib @ FILE:///build/source/lib\n`),
  'a constraint': () => ({
    'requirements.txt': `${HERE}-c held.txt\nlib\n`,
    'held.txt': 'lib @ file:./dist/lib-1.0.zip\n',
  }),
  'an address of a project': () => ({
    'pyproject.toml': `[project]\nname = "shop"\ndependencies = ["lib @ ${SOURCE}/dist/lib-1.0.zip"]\n`,
  }),
  'an address of a lock file': () => ({
    'pyproject.toml': '[project]\nname = "shop"\ndependencies = ["lib"]\n',
    'uv.lock': `version = 1\n[[package]]\nname = "lib"\nversion = "1.0"\nsource = { url = "${SOURCE}/dist/lib-1.0.zip" }\n`,
  }),
  'a version of a lock file with a line break': () => ({
    Pipfile: '[packages]\nlib = "*"\n',
    'Pipfile.lock': JSON.stringify({
      default: { lib: { version: `==1.0\n-e ${SOURCE}/lib` } },
    }),
  }),
  'a wheel that needs an archive': () => needing(`lib @ ${SOURCE}/dist/lib-1.0.zip`),
  'a wheel that needs a folder': () => needing(`lib @ ${SOURCE}/lib`),
  'a wheel that needs a repository': () => needing(`lib @ git+file://localhost/build/source/lib`),
  "settings of uv's": async () => ({
    ...asking(`${HERE}lib\n`),
    'pyproject.toml': '[tool.uv]\nno-binary-package = ["lib"]\ncache-dir = "/cache/poison"\n',
    'uv.toml': 'no-binary-package = ["lib"]\ncache-dir = "/cache/poison"\n',
  }),
}

describe.for(['pip', 'uv'] as const)('with %s', (tool) => {
  test.for(Object.keys(SOURCES))(
    "%s has nothing built in sight of the tenant's cache",
    {
      timeout: MS_MAX,
    },
    async (title, context) => {
      const uv = tool === 'uv' ? await uvFor(context, engine.tools) : undefined
      const { log } = await built({ ...engine.tools, uv }, (await SOURCES[title]?.()) ?? {})
      const kept = await readdir(engine.cacheFolder, { recursive: true })
      expect(kept.filter((path) => path.endsWith('poison'))).toEqual([])
      // In the second stage it is built, and its backend says so.
      if (tool === 'pip' && title.includes('needs an archive')) {
        expect(log.join('\n')).toContain('lib is built')
      }
    },
  )
})

async function built(tools: TestEngine['tools'], asking: Files): Promise<TestBuild> {
  const archive = await libArchive()
  const files = {
    ...libBelow('lib'),
    'dist/lib-1.0.zip': { base64: archive.toString('base64') },
    'index.py': 'def handler(event, context):\n    return 1\n',
    ...asking,
  }
  const request = { function: 'hello', runtime: 'python', handler: 'index.handler' } as const
  return engine.build({ ...request, source: { kind: 'inline', files } }, { tools })
}
