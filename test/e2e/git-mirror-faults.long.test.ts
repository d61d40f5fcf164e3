import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Engine, findIsolation } from '@packline/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testEngine } from '../harness/engine.ts'
import { fetchedBy } from '../harness/fetch-source.ts'
import {
  LARGE,
  LITTLE_BYTES_MAX,
  type Mirroring,
  mirroring,
  WHOLE_BYTES_MIN,
} from '../harness/mirroring.ts'
import { needs } from '../harness/needs.ts'

let at: Mirroring

beforeAll(async () => {
  at = await mirroring()
})
afterAll(() => at?.close())

/** What may befall a mirror's folder of one commit. */
const DAMAGES: [string, (folder: string, pack: string) => Promise<void>][] = [
  ['whose pack was cut', (_, pack) => truncate(pack, 1000)],
  ['whose pack has other bytes', (_, pack) => writeAt(pack, 5000)],
  ['whose pack is empty', (_, pack) => truncate(pack, 0)],
  ['whose index is gone', (_, pack) => rm(pack.replace(/pack$/, 'idx'))],
  ['whose index has other bytes', (_, pack) => writeAt(pack.replace(/pack$/, 'idx'), 1152)],
  ['that lost its packs', (commit) => rm(commit, { recursive: true })],
]

async function writeAt(file: string, position: number): Promise<void> {
  const bytes = await readFile(file)
  await rm(file)
  const from = Math.min(position, bytes.length - 40)
  await writeFile(file, bytes.fill('?', from, from + 20))
}

describe('a mirror', () => {
  test.for(DAMAGES)('%s costs a fetch, no build', async ([title, damage], context) => {
    needs(context, 'git')
    const { plain, repository, build, mirrorsOf } = at
    const { url, commit } = await repository(`damaged ${title}`.replaceAll(' ', '-'))
    await build(url)
    const [[mirror = '', [first = '']] = ['', []]] = await mirrorsOf(url)
    await commit({ 'small.txt': 'small' })
    const packs = join(mirror, first, 'pack')
    const pack = (await readdir(packs)).find((name) => name.endsWith('.pack')) ?? ''
    await damage(packs, join(packs, pack))
    const made = await build(url)
    expect(made.failure).toBeUndefined()
    expect(made.sha256).toBe((await build(url, 'main', {}, plain)).sha256)
    expect(made.sent).toBeGreaterThan(WHOLE_BYTES_MIN)
    await commit({ 'small.txt': 'smaller' })
    expect((await build(url)).sent).toBeLessThan(LITTLE_BYTES_MAX)
  })

  // A folder's has two packs: of what the commit lists, and of the folder's files.
  test.for(DAMAGES)('%s costs a fetch, no build of a folder', async ([title, damage], context) => {
    needs(context, 'git')
    const { plain, repository, build, mirrorsOf } = at
    for (const which of [0, 1]) {
      const name = `folder ${which} damaged ${title}`.replaceAll(' ', '-')
      const { url, commit } = await repository(name, { ...LARGE, ...below('part', LARGE) })
      const path = 'part'
      const { sha256 } = await build(url, 'main', { path })
      const [[mirror = '', [first = '']] = ['', []]] = await mirrorsOf(url)
      const packs = join(mirror, first, 'pack')
      const pack = (await bySize(packs)).filter((one) => one.endsWith('.pack'))[which] ?? ''
      await damage(packs, pack)
      const again = await build(url, 'main', { path })
      expect(again).toMatchObject({ failure: undefined, sha256 })
      await commit({ 'part/small.txt': 'small' })
      expect((await build(url, 'main', { path })).failure).toBeUndefined()
      await commit({ 'part/small.txt': 'smaller' })
      const made = await build(url, 'main', { path })
      expect(made.sha256).toBe((await build(url, 'main', { path }, plain)).sha256)
      expect(made.sent).toBeLessThan(LITTLE_BYTES_MAX)
    }
  })

  test('that goes between fetch and checkout costs a fetch, of what was pinned', async (context) => {
    needs(context, 'git')
    const { engine, repository, build, mirrorsOf } = at
    const { url, first, commit } = await repository('removed')
    await build(url)
    const gone: string[] = []
    const pin = async () => {
      for (const [mirror] of await mirrorsOf(url)) {
        await rm(mirror, { recursive: true })
        if (gone.push(mirror) === 1) await commit({ 'later.txt': 'later' })
      }
    }
    const reporter = { event: () => undefined, log: () => undefined, pin }
    const given = { ...engine, tenant: 'test', reporter }
    await fetchedBy({ kind: 'git', url, ref: 'main' }, given, async ({ source, pins }) => {
      const paths = 'tree' in source && source.tree.files.map((file) => file.path)
      expect(paths).toEqual(['bootstrap', 'large.txt', 'more.txt'])
      expect(pins).toMatchObject([{ commit: first }, { commit: first }])
    })
    expect(gone).toHaveLength(1)
  })

  test('serves git where there is no sandbox, too', async (context) => {
    needs(context, 'git')
    const { folder, repository, build } = at
    const { url, commit } = await repository('open')
    const isolation = await findIsolation({ unsandboxed: true })
    const open = await testEngine({ cacheFolder: join(folder, 'open cache'), isolation })
    await build(url, 'main', {}, open)
    await commit({ 'small.txt': 'small' })
    const made = await build(url, 'main', {}, open)
    expect(made.failure).toBeUndefined()
    expect(made.sent).toBeLessThan(LITTLE_BYTES_MAX)
    await open.close()
  })

  test('is begun and added to by many builds of many workers at once', async (context) => {
    needs(context, 'git')
    const { cacheFolder, engine, plain, repository, build } = at
    const { url, commit } = await repository('together')
    const workers = await Promise.all([engine, testEngine({ cacheFolder })])
    for (const text of ['one', 'two']) {
      await commit({ 'small.txt': text })
      const { sha256 } = await build(url, 'main', {}, plain)
      const made = await Promise.all(
        [0, 1, 2, 3, 4, 5].map((number) => build(url, 'main', {}, workers[number % 2])),
      )
      expect(made.map((one) => one.sha256)).toEqual(Array(6).fill(sha256))
      expect((await build(url)).sent).toBeLessThan(LITTLE_BYTES_MAX)
    }
    expect((await readdir(join(cacheFolder, 'test', 'git'))).filter(isUnfinished)).toEqual([])
    await workers[1]?.close()
  })

  test('that was not used for longest goes where the limit is reached', async (context) => {
    needs(context, 'git')
    const { folder, repository, build } = at
    const limited: Partial<Engine> = { cacheFolder: join(folder, 'small cache') }
    const own = await testEngine({ ...limited, mirrorsBytesMax: 800_000 })
    const urls: string[] = []
    for (const name of ['oldest', 'used', 'newest']) {
      urls.push((await repository(name, { ...LARGE, 'own.txt': name })).url)
    }
    const [oldest = '', used = '', newest = ''] = urls
    for (const url of [used, oldest, used, newest]) await build(url, 'main', {}, own)
    expect((await build(used, 'main', {}, own)).sent).toBeLessThan(LITTLE_BYTES_MAX)
    expect((await build(newest, 'main', {}, own)).sent).toBeLessThan(LITTLE_BYTES_MAX)
    expect((await build(oldest, 'main', {}, own)).sent).toBeGreaterThan(WHOLE_BYTES_MIN)
    await own.close()
  })
})

const isUnfinished = (name: string) => name.startsWith('new.')

function below(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]),
  )
}

async function bySize(folder: string): Promise<string[]> {
  const paths = (await readdir(folder)).map((name) => join(folder, name))
  const sized = await Promise.all(paths.map(async (path) => ({ path, ...(await stat(path)) })))
  return sized.sort((one, other) => one.size - other.size).map(({ path }) => path)
}
