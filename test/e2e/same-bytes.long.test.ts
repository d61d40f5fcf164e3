import { homedir } from 'node:os'
import { dirname } from 'node:path'
import type { BuildRequestInput } from '@packline/shared'
import { expect, test } from 'vitest'
import { findTools } from '../../packages/engine/src/tools/tools.ts'
import { builtElsewhere } from '../harness/build-elsewhere.ts'
import { needs } from '../harness/needs.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { uvFor } from '../harness/uv.ts'

type Files = Extract<BuildRequestInput['source'], { kind: 'inline' }>['files']

/** Two of the builds fetch everything anew. */
const MINUTES = 5 * 60_000

const HERE = { timeZone: 'UTC', umask: '022' }
/** Half an hour off, on the other side of the date line from the first, and stingy with rights. */
const THERE = { timeZone: 'Pacific/Marquesas', umask: '077' }

const request = (
  runtime: 'nodejs' | 'python' | 'custom',
  files: Files,
  more: Partial<BuildRequestInput> = {},
): BuildRequestInput => ({
  function: 'same',
  runtime,
  handler: runtime === 'custom' ? 'any' : 'index.handler',
  source: { kind: 'inline', files },
  build: { load: false },
  ...more,
})

const INDEX = 'exports.handler = async () => require("semver")\n'
const MANIFEST = JSON.stringify({ dependencies: { semver: '7.6.0' } })
const HANDLER = '# -*- coding:utf-8 -*-\ndef handler(event, context):\n    return "你好"\n'
const large = Buffer.alloc(6 * 1024 * 1024, 'packline 打包 ').toString('base64')

test('Node.js and custom sources become the same bytes in another time zone and umask', async () => {
  const requests = [
    request('nodejs', {
      'index.js': 'exports.handler = async () => 1\n',
      '数据/b.json': '{}',
      'bin/run': { text: '#!/bin/sh\n', executable: true },
    }),
    request('custom', { bootstrap: '#!/bin/sh\necho\n', 'lib/a.txt': 'a' }),
    // Too large for memory: by way of the disk.
    request('custom', { bootstrap: '#!/bin/sh\necho\n', 'large.bin': { base64: large } }),
  ]
  const [here, there] = await Promise.all([
    builtElsewhere(requests, HERE),
    builtElsewhere(requests, THERE),
  ])
  expect(there).toEqual(here)
  expect(new Set(here).size).toBe(requests.length)
})

test('the order of files, the name and the labels of a function leave no trace', async () => {
  const files = { 'index.js': 'exports.handler = () => 1\n', 'lib/a.js': '', B: '', a: '' }
  const reversed = Object.fromEntries(Object.entries(files).reverse())
  const other = { function: 'other', labels: { team: 'b' }, priority: 'bulk' } as const
  const [one, two] = await builtElsewhere(
    [request('nodejs', files), request('nodejs', reversed, other)],
    HERE,
  )
  expect(two).toBe(one)
})

test.for([undefined, 'yarn@1.22.22', 'yarn@4.18.1', 'pnpm@10.34.9'])(
  'npm or packageManager %s installs the same bytes with a cold and a warm cache',
  { timeout: MINUTES },
  async (field, context) => {
    needs(context, 'npm')
    const cacheFolder = temporaryFolder()
    const manifest = JSON.stringify({ ...JSON.parse(MANIFEST), packageManager: field })
    const requests = [request('nodejs', { 'index.js': INDEX, 'package.json': manifest })]
    const here = await builtElsewhere(requests, HERE)
    const cold = await builtElsewhere(requests, { ...THERE, cacheFolder })
    const warm = await builtElsewhere(requests, { ...THERE, cacheFolder })
    expect([cold, warm]).toEqual([here, here])
  },
)

test('a bundle is the same bytes in another time zone and umask', async () => {
  const files = {
    'src/index.ts':
      "import { name } from './name.js'\nexport const handler = () => name as string\n",
    'src/name.ts': "export const name: string = '你好'\n",
    'data/a.txt': 'a',
  }
  const build = { load: false, bundle: true, sourceMap: true }
  const requests = [request('nodejs', files, { build })]
  expect(await builtElsewhere(requests, THERE)).toEqual(await builtElsewhere(requests, HERE))
})

test('pip installs and builds the same bytes with a cold and a warm cache', async (context) => {
  needs(context, 'pip', 'compiler', 'python310')
  const cacheFolder = temporaryFolder()
  const files = {
    'index.py': HANDLER,
    // One has a wheel, the other is compiled.
    'requirements.txt': 'MarkupSafe==3.0.2\ncrcmod==1.7\n',
  }
  const requests = [request('python', files)]
  const here = await builtElsewhere(requests, HERE)
  const cold = await builtElsewhere(requests, { ...THERE, cacheFolder })
  const warm = await builtElsewhere(requests, { ...THERE, cacheFolder })
  expect([cold, warm]).toEqual([here, here])
}, 300_000)

test('uv installs the same bytes with a cold and a warm cache', async (context) => {
  const found = await findTools({ path: process.env.PATH ?? '', home: homedir() })
  const tools = dirname((await uvFor(context, found))?.path ?? '')
  const cacheFolder = temporaryFolder()
  const files = { 'index.py': HANDLER, 'requirements.txt': 'MarkupSafe==3.0.2\nsix==1.16.0\n' }
  const requests = [request('python', files)]
  const here = await builtElsewhere(requests, { ...HERE, tools })
  const cold = await builtElsewhere(requests, { ...THERE, tools, cacheFolder })
  const warm = await builtElsewhere(requests, { ...THERE, tools, cacheFolder })
  expect([cold, warm]).toEqual([here, here])
}, 300_000)

test('a function and the dependency package that is split from it are the same bytes', async (context) => {
  needs(context, 'npm')
  const files = { 'index.js': INDEX, 'package.json': MANIFEST }
  const requests = [request('nodejs', files, { build: { load: false, split: true } })]
  const here = await builtElsewhere(requests, HERE)
  expect(new Set(here).size).toBe(2)
  const there = await builtElsewhere(requests, { ...THERE, cacheFolder: temporaryFolder() })
  expect(there).toEqual(here)
}, 300_000)

test('what a command makes is the same bytes in another time zone and umask', async () => {
  const command = `#!/bin/sh
set -e
mkdir -p "$PACKLINE_OUTPUT/lib/数据"
for name in b a c; do echo "$name $PACKLINE_ARCHITECTURE" > "$PACKLINE_OUTPUT/lib/数据/$name"; done
cp start "$PACKLINE_OUTPUT/bootstrap"
`
  const files = { 'build.sh': { text: command, executable: true }, start: '#!/bin/sh\necho\n' }
  const build = { load: false, command: ['./build.sh'] }
  const requests = [request('custom', files, { build })]
  expect(await builtElsewhere(requests, THERE)).toEqual(await builtElsewhere(requests, HERE))
})
