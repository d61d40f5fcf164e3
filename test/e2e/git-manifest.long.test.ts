import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildContext, type RepositoryAsked, readRepository } from '@packline/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import {
  commitFiles,
  type GitServer,
  git,
  makeRepository,
  serveRepositories,
} from '../harness/git-server.ts'
import { needs } from '../harness/needs.ts'

const FUNCTION = 'runtime: custom, handler: any'
const MANIFEST = `functions:
  one: {${FUNCTION}, path: functions/one, shared: [lib, "a \\" b"]}
  two: {${FUNCTION}, path: functions/two}
`

let folder: string
let engine: TestEngine
let server: GitServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-manifest-'))
  engine = await testEngine()
  server = await serveRepositories(folder)
})
afterAll(async () => {
  await server?.close()
  await engine?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** A repository of two functions, and the commit it begins with. */
async function repository(name: string, files: Record<string, string> = {}) {
  const place = join(folder, name)
  const first = await makeRepository(place, {
    'packline.yaml': MANIFEST,
    'functions/one/bootstrap': 'one',
    'functions/two/bootstrap': 'two',
    'lib/shared.txt': 'shared',
    'readme.txt': 'read me',
    ...files,
  })
  git(place, 'config', 'uploadpack.allowFilter', 'true')
  const url = `${server.url}/${name}/.git`
  return { place, url, first, commit: (more: Record<string, string>) => commitFiles(place, more) }
}

async function read(asked: Partial<RepositoryAsked> & { url: string }) {
  const context: Partial<BuildContext> = {
    ...engine,
    tenant: 'test',
    signal: AbortSignal.timeout(120_000),
    openCredential: async () => undefined,
    reporter: { event: () => undefined, log: () => undefined, pin: async () => undefined },
  }
  return readRepository(
    { ref: 'main', functions: { manifest: 'packline.yaml' }, ...asked },
    context as BuildContext,
  )
}

async function touched(asked: Partial<RepositoryAsked> & { url: string }): Promise<string[]> {
  const { functions } = await read(asked)
  return functions.filter((one) => one.touched).map((one) => one.function)
}

describe('a commit', () => {
  test('lists its functions, with paths from the root', async (context) => {
    needs(context, 'git')
    const { url, first } = await repository('lists', {
      'group/packline.yaml': `functions:\n  own: {${FUNCTION}}\n  in: {${FUNCTION}, path: x, shared: [y]}\n`,
    })
    const whole = await read({ url })
    expect(whole).toMatchObject({ commit: first, warnings: [] })
    expect(whole.functions).toMatchObject([
      { function: 'one', path: 'functions/one', shared: ['lib', 'a " b'], touched: true },
      { function: 'two', path: 'functions/two', touched: true },
    ])
    const inner = await read({ url, ref: first, functions: { manifest: 'group/packline.yaml' } })
    expect(inner.functions).toMatchObject([
      { function: 'own', path: 'group' },
      { function: 'in', path: 'group/x', shared: ['group/y'] },
    ])
  })

  test('comes without the files that nobody asked for', async (context) => {
    needs(context, 'git')
    const big = Array.from({ length: 20_000 }, () => Math.random()).join('\n')
    const { url } = await repository('large', { 'big.txt': big })
    const before = server.sent
    expect(await touched({ url })).toEqual(['one', 'two'])
    expect(server.sent - before).toBeLessThan(20_000)
  })

  test('without a manifest, or with one that is wrong, is told with the place', async (context) => {
    needs(context, 'git')
    const { url, place, commit } = await repository('wrong')
    await expect(read({ url, functions: { manifest: 'other.yaml' } })).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: expect.stringContaining('There is no other.yaml in the commit'),
    })
    await commit({ 'packline.yaml': 'functions:\n  one:\n    runtime: cobol\n' })
    await expect(read({ url })).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringMatching(/^packline\.yaml:3: functions\.one\.runtime: expected /),
    })
    await rm(join(place, 'packline.yaml'))
    await symlink('/etc/passwd', join(place, 'packline.yaml'))
    await commit({})
    await expect(read({ url })).rejects.toThrow('packline.yaml is a link in the commit')
    await rm(join(place, 'packline.yaml'))
    await writeFile(join(place, 'packline.yaml'), `#${'x'.repeat(1024 * 1024)}\n`)
    await commit({})
    await expect(read({ url })).rejects.toThrow(/has \d+ bytes; expected at most/)
  })
})

describe('a range of commits touches', () => {
  test('what lies in a folder, a shared path or the entry of the manifest', async (context) => {
    needs(context, 'git')
    const { url, place, first, commit } = await repository('touches')
    const since = async (files: Record<string, string>) => {
      const before = git(place, 'rev-parse', 'HEAD')
      await commit(files)
      return touched({ url, since: before })
    }
    expect(await since({ 'readme.txt': 'changed' })).toEqual([])
    expect(await since({ 'functions/two/deep/er.txt': 'new' })).toEqual(['two'])
    expect(await since({ 'lib/shared.txt': 'changed' })).toEqual(['one'])
    expect(await since({ 'a " b': 'new' })).toEqual(['one'])
    expect(await since({ 'functions/twofold/x': 'beside' })).toEqual([])
    const entry = MANIFEST.replace('path: functions/two', 'path: functions/two, type: http')
    expect(await since({ 'packline.yaml': `# said anew\n${entry}` })).toEqual(['two'])
    const more = `${entry}  three: {${FUNCTION}, path: functions/three}\n`
    expect(await since({ 'packline.yaml': more })).toEqual(['three'])
    expect(await touched({ url, since: first })).toEqual(['one', 'two', 'three'])
  })

  test('a file that was renamed or removed, and one that only became executable', async (context) => {
    needs(context, 'git')
    const { url, place, commit } = await repository('renamed', { 'functions/one/a.txt': 'same' })
    let before = git(place, 'rev-parse', 'HEAD')
    git(place, 'mv', 'functions/one/a.txt', 'functions/two/a.txt')
    await commit({})
    expect(await touched({ url, since: before })).toEqual(['one', 'two'])
    before = git(place, 'rev-parse', 'HEAD')
    git(place, 'update-index', '--chmod=+x', 'functions/two/a.txt')
    git(place, 'commit', '-q', '-m', 'executable')
    expect(await touched({ url, since: before })).toEqual(['two'])
  })

  test('what a merge brought, however many commits it has', async (context) => {
    needs(context, 'git')
    const { url, place, commit } = await repository('merged')
    git(place, 'checkout', '-q', '-b', 'side')
    for (let n = 0; n < 30; n++) await commit({ 'functions/two/n.txt': String(n) })
    git(place, 'checkout', '-q', 'main')
    const before = await commit({ 'readme.txt': 'main goes on' })
    git(place, 'merge', '-q', '--no-ff', '-m', 'merge', 'side')
    expect(await touched({ url, since: before })).toEqual(['two'])
  })

  test('after a force push what differs from what was there', async (context) => {
    needs(context, 'git')
    const { url, place, first, commit } = await repository('forced')
    const lost = await commit({ 'functions/one/x.txt': 'lost' })
    git(place, 'reset', '-q', '--hard', first)
    await commit({ 'functions/two/y.txt': 'instead' })
    expect(await touched({ url, since: lost })).toEqual(['one', 'two'])
  })

  test('everything where the earlier commit is not there any more, and says so', async (context) => {
    needs(context, 'git')
    const { url } = await repository('gone')
    const since = 'a'.repeat(40)
    const { functions, warnings } = await read({ url, since })
    expect(functions.map((one) => one.touched)).toEqual([true, true])
    expect(warnings).toMatchObject([
      { en: expect.stringContaining(`${since} is not there any more`) },
    ])
  })

  test('everything whose earlier manifest can not be read', async (context) => {
    needs(context, 'git')
    const { url, commit } = await repository('mended')
    const broken = await commit({ 'packline.yaml': 'functions: none' })
    await commit({ 'packline.yaml': MANIFEST })
    expect(await touched({ url, since: broken })).toEqual(['one', 'two'])
  })

  test('what changed before it, where nobody has read that and the branch is there', async (context) => {
    needs(context, 'git')
    const { url, place, first, commit } = await repository('gap')
    const since = await commit({ 'functions/two/missed.txt': 'missed' })
    const ref = await commit({ 'functions/one/own.txt': 'own' })
    const gap = { branch: 'refs/heads/main', read: first }
    const closed = await read({ url, ref, since, gap })
    expect(closed.functions.map((one) => one.touched)).toEqual([true, true])
    expect(closed).toMatchObject({
      behind: false,
      warnings: [{ en: expect.stringContaining(first) }],
    })
    await commit({ 'functions/one/own.txt': 'later' })
    const behind = [{ touched: true, overtaken: true }, { touched: false }]
    const left = { behind: true, warnings: [] }
    expect(await read({ url, ref, since, gap })).toMatchObject({ ...left, functions: behind })
    git(place, 'checkout', '-q', '-b', 'other')
    git(place, 'branch', '-q', '-D', 'main')
    const alone = [{ touched: true, overtaken: false }, { touched: false }]
    expect(await read({ url, ref, since, gap })).toMatchObject({ ...left, functions: alone })
  })

  test('functions that are listed without a manifest', async (context) => {
    needs(context, 'git')
    const { url, place, commit } = await repository('listed')
    const before = git(place, 'rev-parse', 'HEAD')
    await commit({ 'functions/two/z.txt': 'z' })
    const common = { runtime: 'custom', handler: 'any', type: 'event', architecture: 'x86_64' }
    const entry = { ...common, build: { load: true, timeoutSeconds: 900 } } as const
    const functions = [
      { ...entry, function: 'a', path: 'functions/one' },
      { ...entry, function: 'b', path: 'functions/one', shared: ['functions/two'] },
      { ...entry, function: 'root' },
    ] as RepositoryAsked['functions']
    expect(await touched({ url, functions, since: before })).toEqual(['b', 'root'])
    expect(await touched({ url: place, functions, since: before })).toEqual(['b', 'root'])
  })
})
