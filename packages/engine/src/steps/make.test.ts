import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type BuildRequestInput, PacklineError } from '@packline/shared'
import { expect, test } from 'vitest'
import { contextIn } from '../../../../test/harness/context.ts'
import { orderOf, type TestFile, treeOf } from '../../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import { startJournal } from '../journal.ts'
import { leftOutBy } from '../left-out.ts'
import { RUNTIMES } from '../runtimes/registry.ts'
import type { Runtime, Stage } from '../runtimes/runtime.ts'
import { openWorkbench } from '../workbench.ts'
import type { Chosen } from './choose.ts'
import { make } from './make.ts'
import { packageOf, zip } from './zip.ts'

const CUSTOM = { runtime: 'custom', handler: 'any' } as const

async function made(
  files: Record<string, TestFile>,
  request: Partial<BuildRequestInput> & Pick<BuildRequestInput, 'runtime'>,
  chosen: Partial<Chosen> = {},
) {
  const folder = temporaryFolder()
  const order = await orderOf(request)
  const context = await contextIn(folder, { profile: order.profile })
  const bench = openWorkbench(context, 10_000)
  const journal = startJournal()
  const runtime = RUNTIMES[request.runtime]
  const leftOut = leftOutBy('', order.request.build)
  const whole = { runtime, tree: treeOf(files), as: 'package', leftOut, ...chosen } as const
  try {
    const result = await make(whole, order, context, bench, journal)
    const executables = result.entries.filter(({ executable }) => executable)
    return {
      ...result,
      mended: journal.mended.map(({ en }) => en),
      tools: journal.tools,
      events: context.told.events,
      executables: executables.map(({ path }) => path),
    }
  } finally {
    await bench.close()
  }
}

const SCRIPT = { bytes: Buffer.from('#!/bin/sh\n'), executable: true }

test.each([
  ['custom', CUSTOM, 'bootstrap'],
  ['HTTP', { runtime: 'nodejs', type: 'http' }, 'bootstrap'],
  ['Go executable', { runtime: 'go', handler: 'hello' }, 'hello'],
] as const)(
  '%s: what the platform starts is made executable, and that is told',
  async (_what, request, name) => {
    const mended = await made({ [name]: '#!/bin/sh\n', 'a.txt': '' }, request)
    expect(mended).toMatchObject({
      untouched: false,
      mended: [`${name} made executable`],
      executables: [name],
    })
    const whole = await made({ [name]: SCRIPT, 'a.txt': '' }, request)
    expect(whole).toMatchObject({ untouched: true, mended: [] })
  },
)

test('a file of that name that nothing starts stays as it is, and so does a link', async () => {
  const event = { runtime: 'nodejs', handler: 'index.handler' } as const
  expect(await made({ bootstrap: '', 'index.js': '' }, event)).toMatchObject({ untouched: true })
  const linked = { bootstrap: { linkTarget: 'run' }, run: SCRIPT }
  expect(await made(linked, CUSTOM)).toMatchObject({ untouched: true, mended: [] })
})

test('a folder that was taken off and names that were read otherwise are told', async () => {
  const build = { entryNameEncoding: 'gb18030' } as const
  const { mended } = await made({ bootstrap: SCRIPT }, { ...CUSTOM, build }, { unwrapped: 'app' })
  expect(mended).toEqual(['names written as UTF-8, read as gb18030', 'taken out of the folder app'])
})

test('a finished jar stays a jar; any other package is a ZIP', async () => {
  const java = { runtime: 'java', handler: 'com.example.Hello.handle' } as const
  expect((await made({ 'META-INF/MANIFEST.MF': '' }, java)).format).toBe('jar')
  expect((await made({ 'hello.jar': '' }, java)).format).toBe('zip')
  expect((await made({ bootstrap: SCRIPT, 'META-INF/MANIFEST.MF': '' }, CUSTOM)).format).toBe('zip')
})

const sh = { name: 'sh', version: 'POSIX', path: '/bin/sh', binds: [] }
const stage = (script: string, more: Partial<Stage> = {}): Stage => ({
  name: 'script',
  argv: ['/bin/sh', '-c', script],
  env: { PATH: '/usr/bin:/bin' },
  network: 'none',
  tools: [sh],
  because: 'a test',
  failure: 'COMPILE_FAILED',
  ...more,
})

/** A runtime whose plan is these stages, and whose package is what they put out. */
const planned = (...stages: Stage[]): Runtime => ({
  ...RUNTIMES.custom,
  plan: async () => stages,
  collect: async (source, output) => ({
    format: 'zip',
    entries: [
      ...source.files.map((file) => source.entry(file)),
      ...output.files.map((file) => output.entry(file)),
    ],
  }),
  explain: () => undefined,
})

test('stages run one after the other in the source, and their tools are told', async () => {
  const runtime = planned(
    stage('cat a.txt > ../output/b.txt; cat ../home/c.txt', {
      files: { '/build/home/c.txt': '好' },
    }),
    stage('cat ../output/b.txt a.txt > ../output/d.txt'),
  )
  const result = await made({ 'a.txt': 'a' }, CUSTOM, { runtime, as: 'source' })
  expect(result.entries.map(({ path, size }) => `${path} ${size}`)).toEqual([
    'a.txt 1',
    'b.txt 1',
    'd.txt 2',
  ])
  expect(result.tools).toEqual([{ name: 'sh', version: 'POSIX', because: 'a test' }])
  expect(result.events.filter(({ type }) => type === 'stage')).toHaveLength(2)
})

test('a stage that fails ends the build with its own code and its last words', async () => {
  const failing = (...stages: Stage[]) =>
    made({ 'a.txt': '' }, CUSTOM, { runtime: planned(...stages), as: 'source' })
  await expect(failing(stage('echo wrong; exit 7'), stage('echo never'))).rejects.toMatchObject({
    code: 'COMPILE_FAILED',
    message: 'script exited 7',
    output: ['wrong'],
  })
  await expect(failing(stage('kill -9 $$'))).rejects.toThrow('script was ended by SIGKILL')
})

test('where there is another way it is gone, but not when the first was nobody’s mistake', async () => {
  const otherwise = stage('echo b > ../output/b.txt', { name: 'other' })
  const first = stage('exit 1', { otherwise })
  const result = await made({}, CUSTOM, { runtime: planned(first), as: 'source' })
  expect(result.entries.map(({ path }) => path)).toEqual(['b.txt'])
  expect(result.events).toContainEqual({
    type: 'warning',
    message: 'script exited 1; going on with sh POSIX',
    zh: { message: 'script 以退出码 1 结束；改用 sh POSIX 继续' },
  })
  const away = stage('exit 1', { otherwise, failure: 'REGISTRY_UNAVAILABLE' })
  const given = made({}, CUSTOM, { runtime: planned(away), as: 'source' })
  await expect(given).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
  const known = { ...planned(first), explain: () => new PacklineError('MANIFEST_INVALID', 'wrong') }
  const refused = made({}, CUSTOM, { runtime: known, as: 'source' })
  await expect(refused).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
})

test('a stage’s files are written through no link that an earlier stage has made', async () => {
  const aim = join(temporaryFolder(), 'aim')
  await writeFile(aim, 'untouched')
  const links = stage(`mkdir -p ../home; ln -s '${aim}' ../home/c.txt`)
  const writes = stage('cat ../home/c.txt > ../output/b.txt', {
    files: { '/build/home/c.txt': 'text' },
  })
  const result = await made({}, CUSTOM, { runtime: planned(links, writes), as: 'source' })
  expect(result.entries.map(({ path, size }) => `${path} ${size}`)).toEqual(['b.txt 4'])
  const folder = stage(`rm -rf ../home; ln -s '${dirname(aim)}' ../home`)
  const refused = made({}, CUSTOM, { runtime: planned(folder, writes), as: 'source' })
  await expect(refused).rejects.toMatchObject({ code: 'COMPILE_FAILED' })
  expect(await readFile(aim, 'utf8')).toBe('untouched')
})

test('many files with nothing in them are written by way of the disk', async () => {
  const order = await orderOf(CUSTOM)
  const context = await contextIn(temporaryFolder(), { profile: order.profile })
  const bench = openWorkbench(context, 10_000)
  const name = (at: number) => `${'folder/'.repeat(28)}${at}.py`
  const entries = Array.from({ length: 20_000 }, (_, at) => {
    return { path: name(at), executable: false, size: 0, content: Buffer.alloc(0) }
  })
  const nothing = { pin: { kind: 'inline', sha256: '' }, tree: treeOf({}) } as const
  const plain = { format: 'zip', entries, untouched: false } as const
  try {
    const packed = await zip(plain, nothing, order.request, context, bench, startJournal())
    expect(packed.file).toMatchObject({ entries: 20_000, unpackedSize: 0 })
    expect('path' in packed.file.content).toBe(true)
    const { archive, file } = packed
    const again = packageOf(archive, file, 'zip', bench, context.signal)
    expect(again.file.sha256).toBe(file.sha256)
  } finally {
    await bench.close()
  }
})

test('a jar too large to be deployed as one goes into a ZIP, under the function’s name', async () => {
  const order = await orderOf({ runtime: 'java', handler: 'com.example.Hello.handle' })
  const limits = { ...order.profile.limits, directDeployBytesMax: 300 }
  const profile = { ...order.profile, limits }
  const jar = treeOf({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n', 'a.txt': 'a' })
  const small = treeOf({ 'META-INF/MANIFEST.MF': '' })
  const context = await contextIn(temporaryFolder(), { profile })
  const bench = openWorkbench(context, 10_000)
  const journal = startJournal()
  const packedOf = async (tree: typeof jar) => {
    const entries = tree.files.map((file) => tree.entry(file))
    const pin = { kind: 'inline', sha256: '' } as const
    const made = { format: 'jar', entries, untouched: false } as const
    const packed = await zip(made, { pin, tree }, order.request, context, bench, journal)
    return [packed.format, packed.archive.entries.map(({ path }) => path)]
  }
  expect(await packedOf(small)).toEqual(['jar', ['META-INF', 'META-INF/MANIFEST.MF']])
  expect(journal.mended).toEqual([])
  expect(await packedOf(jar)).toEqual(['zip', ['hello.jar']])
  expect(journal.mended).toEqual([
    { en: expect.stringContaining('hello.jar'), zh: expect.stringContaining('hello.jar') },
  ])
  await bench.close()
})

test('what the request excludes stays out, of what was made and of what was handed in', async () => {
  const request = { ...CUSTOM, build: { exclude: ['*.md'], include: ['keep.md'] } }
  const runtime = planned(stage('echo > ../output/b.md; echo > ../output/keep.md'))
  const result = await made({ 'a.txt': '', 'a.md': '' }, request, { runtime, as: 'source' })
  expect(result.entries.map(({ path }) => path)).toEqual(['a.txt', 'keep.md'])
  const finished = await made({ bootstrap: SCRIPT, 'a.md': '', '.git/HEAD': '' }, request)
  expect(finished.entries.map(({ path }) => path)).toEqual(['.git/HEAD', 'bootstrap'])
  expect(finished).toMatchObject({ untouched: false, mended: ['left out by build.exclude: a.md'] })
})

test('what tools leave of themselves stays out, whatever the runtime collects', async () => {
  const runtime = planned(stage('mkdir .cache && echo > .cache/x && echo > ../output/b.txt'))
  const result = await made({ 'a.txt': '' }, CUSTOM, { runtime, as: 'source' })
  expect(result.entries.map(({ path }) => path)).toEqual(['a.txt', 'b.txt'])
})
