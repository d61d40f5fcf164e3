import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildView, HookRequestInput } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  commitFiles,
  type GitServer,
  git,
  makeRepository,
  serveRepositories,
} from '../harness/git-server.ts'
import { makeGitHubHook } from '../harness/github-hook.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const FUNCTION = 'runtime: nodejs, handler: index.handler, build: {load: false}'
const MANIFEST = `functions:
  a: {${FUNCTION}, path: a}
  b: {${FUNCTION}, path: b, shared: [lib]}
`
const CODE = 'exports.handler = async () => "你好"\n'
const ZEROS = '0'.repeat(40)
const ALL = ['a', 'b']

let line: TestLine
let folder: string
let server: GitServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-pushes-'))
  server = await serveRepositories(folder)
  line = await startTestLine({ environment: { PACKLINE_PLAIN_HTTP_HOSTS: '127.0.0.1' } })
})
afterAll(async () => {
  await line?.stop()
  await server?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** A repository with a hook of its own; its first commit was pushed and built. */
async function bound(name: string, asked: Partial<HookRequestInput> = {}) {
  const place = join(folder, name)
  const files = { 'a/index.js': CODE, 'b/index.js': CODE, 'lib/x.js': CODE }
  const first = await makeRepository(place, { 'packline.yaml': MANIFEST, ...files })
  const repository = `${server.url}/${name}/.git`
  const hook = await makeGitHubHook(line, { repository, labels: { of: name }, ...asked })
  let told = (await hook.push({ before: ZEROS, after: first, created: true })).builds ?? []
  expect(told).toHaveLength(2)
  /** All that the repository was built for since, once it has ended: function, commit and state. */
  const built = async (): Promise<string[]> => {
    const known = new Set(told.map((one) => one.build))
    const { items } = await line.client.builds({ label: `of:${name}`, limit: 500 })
    const ended = await Promise.all(items.filter(({ id }) => !known.has(id)).map(end))
    told = items.map(({ id, function: of }) => ({ build: id, function: of }))
    return ended.map(inShort).toSorted()
  }
  return {
    place,
    first,
    hook,
    built,
    commit: (more: Record<string, string>) => commitFiles(place, more),
    git: (...args: string[]) => git(place, ...args),
  }
}

async function end({ id }: BuildView): Promise<BuildView> {
  await Array.fromAsync(line.client.events(id))
  return line.client.build(id)
}

function inShort({ function: of, state, pin }: BuildView): string {
  return `${of} ${pin?.kind === 'git' ? pin.commit : ''} ${state}`
}

const succeeded = (commit: string, ...functions: string[]) =>
  functions.map((one) => `${one} ${commit} succeeded`)

describe('a push', () => {
  test('of a merge builds what the merge brought to its branch', async () => {
    const { first, hook, built, commit, git } = await bound('merge')
    git('checkout', '-q', '-b', 'side')
    const side = await commit({ 'b/side.js': CODE })
    const branch = { ref: 'refs/heads/side', before: ZEROS, after: side, created: true }
    expect((await hook.push(branch)).functions).toEqual(ALL)
    git('checkout', '-q', 'main')
    const main = await commit({ 'a/main.js': CODE })
    expect((await hook.push({ before: first, after: main })).functions).toEqual(['a'])
    git('merge', '-q', '--no-ff', '-m', 'merge', 'side')
    const after = git('rev-parse', 'HEAD')
    expect((await hook.push({ before: main, after })).functions).toEqual(['b'])
    const all = [...succeeded(side, ...ALL), ...succeeded(main, 'a'), ...succeeded(after, 'b')]
    expect(await built()).toEqual(all.toSorted())
  })

  test('that was forced builds what differs from what it replaced', async () => {
    const { first, hook, built, commit, git } = await bound('forced')
    const replaced = await commit({ 'a/index.js': `${CODE}// lost\n` })
    expect((await hook.push({ before: first, after: replaced })).functions).toEqual(['a'])
    git('reset', '-q', '--hard', first)
    const after = await commit({ 'b/index.js': `${CODE}// instead\n` })
    const forced = await hook.push({ before: replaced, after, forced: true })
    expect(forced).toMatchObject({ functions: ALL, warnings: [] })
    git('reset', '-q', '--hard', first)
    const back = await hook.push({ before: after, after: first, forced: true })
    expect(back.functions).toEqual(['b'])
    const all = [...succeeded(replaced, 'a'), ...succeeded(after, ...ALL), ...succeeded(first, 'b')]
    expect(await built()).toEqual(all.toSorted())
  })

  test('of a new branch or a tag builds everything, of a deleted one nothing', async () => {
    const { first, hook, built, commit, git } = await bound('refs', {
      tags: ['v*'],
      branches: ['**'],
    })
    git('checkout', '-q', '-b', 'feature/new')
    const after = await commit({ 'a/index.js': `${CODE}// new\n` })
    const branch = { ref: 'refs/heads/feature/new', before: ZEROS, after, created: true }
    expect((await hook.push(branch)).functions).toEqual(ALL)
    git('tag', '-a', '-m', 'A release', 'v1', after)
    const tag = { ref: 'refs/tags/v1', before: ZEROS, after: git('rev-parse', 'v1'), created: true }
    expect(await hook.push(tag)).toMatchObject({ functions: ALL, commit: after })
    const { answer } = await hook.deliver({ ...tag, ref: 'refs/tags/other' })
    expect(answer.body.outcome).toBe('ignored')
    git('checkout', '-q', 'main')
    git('branch', '-q', '-D', 'feature/new')
    const gone = { ref: branch.ref, before: after, after: ZEROS, deleted: true }
    expect(await hook.push(gone)).toMatchObject({ functions: [], state: 'succeeded' })
    expect(await built()).toEqual(
      [...ALL, ...ALL].flatMap((one) => succeeded(after, one)).toSorted(),
    )
    git('branch', '-q', 'feature/new', first)
    expect((await hook.push({ ...branch, after: first })).functions).toEqual(ALL)
    expect(await built()).toEqual(succeeded(first, ...ALL))
  })

  test('of more commits than its message lists builds what all of them touched', async () => {
    const { place, first, hook, built, git } = await bound('many')
    const COMMITS = 2100
    importCommits(place, first, COMMITS)
    const after = git('rev-parse', 'main')
    expect(git('rev-list', '--count', `${first}..${after}`)).toBe(String(COMMITS))
    // As GitHub does it: the first 2,048 of them, here without the one that touches b.
    const listed = git('rev-list', '--reverse', `${first}..${after}`).split('\n').slice(0, 2048)
    const commits = listed.map((id) => ({ id, added: [], removed: [], modified: ['README.md'] }))
    const pushed = await hook.push({ before: first, after, size: COMMITS, commits })
    expect(pushed).toMatchObject({ functions: ['b'], untouched: ['a'], warnings: [] })
    expect(await built()).toEqual(succeeded(after, 'b'))
  })
})

/** Commits that touch README.md on top of main, and a last one that touches b. */
function importCommits(place: string, from: string, count: number): void {
  const at = (n: number) => `committer Test <test@example.com> ${1_700_000_000 + n} +0000`
  const one = (n: number, path: string) => {
    const parent = n === 1 ? `from ${from}\n` : ''
    const text = `commit ${n}\n`
    const file = `M 100644 inline ${path}\ndata ${text.length}\n${text}`
    return `commit refs/heads/main\n${at(n)}\ndata 8\nA commit\n${parent}${file}`
  }
  const input = Array.from({ length: count }, (_, place) =>
    one(place + 1, place + 1 === count ? 'b/last.txt' : 'README.md'),
  ).join('\n')
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: place, input })
}

describe('two pushes, one right behind the other', () => {
  test('1 touches b, 2 touches a: both are built as the branch has them', async () => {
    const { first, hook, built, commit } = await bound('behind')
    const second = await commit({ 'b/index.js': `${CODE}// first push\n` })
    const third = await commit({ 'a/index.js': `${CODE}// second push\n` })
    const deliveries = [
      (await hook.deliver({ before: first, after: second })).answer.body.delivery,
      (await hook.deliver({ before: second, after: third })).answer.body.delivery,
    ]
    const done = await Promise.all(deliveries.map(hook.workedOff))
    const told = done.flatMap(({ builds = [] }) => builds.map((one) => one.function))
    expect(new Set(told)).toEqual(new Set(ALL))
    const all = (await built()).filter((one) => !one.endsWith('cancelled'))
    const [a, b] = ALL.map((name) => all.filter((one) => one.startsWith(name)))
    expect(a).toEqual(succeeded(third, 'a'))
    // Whichever is first builds b; where that is push 2, it has caught up on push 1.
    expect(b).not.toEqual([])
    expect([second, third].flatMap((one) => succeeded(one, 'b'))).toEqual(
      expect.arrayContaining(b ?? []),
    )
  })

  test('both touch b: its last build is of the second', async () => {
    const { first, hook, built, commit } = await bound('same')
    const second = await commit({ 'b/index.js': `${CODE}// first push\n` })
    const third = await commit({ 'b/index.js': `${CODE}// second push\n` })
    const one = (await hook.deliver({ before: first, after: second })).answer.body.delivery
    const two = (await hook.deliver({ before: second, after: third })).answer.body.delivery
    await Promise.all([one, two].map(hook.workedOff))
    const all = await built()
    expect(all).toEqual(expect.arrayContaining(succeeded(third, 'b')))
    const others = all.filter((each) => !each.includes(third))
    // It had succeeded already, was ended for the newer one, or was never begun.
    for (const each of others) expect(each).toMatch(/^b \w* ?(succeeded|cancelled)$/)
  })
})

describe('a missed push', () => {
  test('whose git server was away, however often it was tried, is built with the next', async () => {
    const { first, hook, built, commit } = await bound('missed')
    const second = await commit({ 'b/index.js': `${CODE}// missed\n` })
    server.isAway = true
    const missed = await hook.push({ before: first, after: second })
    server.isAway = false
    expect(missed).toMatchObject({ state: 'failed', failure: { code: 'SOURCE_UNREACHABLE' } })
    const third = await commit({ 'a/index.js': `${CODE}// next\n` })
    const next = await hook.push({ before: second, after: third })
    expect(next).toMatchObject({ functions: ALL, warnings: [expect.stringContaining(first)] })
    expect(await built()).toEqual(succeeded(third, ...ALL))
  })

  test('that nobody was told of is built with the next, and by itself when it comes late', async () => {
    const { first, hook, built, commit } = await bound('untold')
    const second = await commit({ 'b/index.js': `${CODE}// untold\n` })
    const third = await commit({ 'a/index.js': `${CODE}// told\n` })
    expect((await hook.push({ before: second, after: third })).functions).toEqual(ALL)
    expect(await built()).toEqual(succeeded(third, ...ALL))
    const fourth = await commit({ 'b/index.js': `${CODE}// newer\n` })
    expect((await hook.push({ before: third, after: fourth })).functions).toEqual(['b'])
    const late = await hook.push({ before: first, after: second })
    expect(late).toMatchObject({ functions: [], outrun: ['b'], superseded: [] })
    expect(await built()).toEqual(succeeded(fourth, 'b'))
  })
})

describe('a binding', () => {
  test('to a manifest follows its entries, new and changed', async () => {
    const { first, hook, built, commit } = await bound('entries')
    const more = `${MANIFEST.replace('path: a', 'path: a, labels: {x: "1"}')}  c: {${FUNCTION}, path: c}\n`
    const second = await commit({ 'packline.yaml': more, 'c/index.js': CODE })
    const next = await hook.push({ before: first, after: second })
    expect(next).toMatchObject({ functions: ['a', 'c'], untouched: ['b'] })
    const third = await commit({ 'packline.yaml': MANIFEST.replace(/ {2}a: .*\n/, '') })
    expect(await hook.push({ before: second, after: third })).toMatchObject({
      functions: [],
      untouched: ['b'],
    })
    expect(await built()).toEqual(succeeded(second, 'a', 'c'))
  })

  test('builds for a folder that functions share those alone that list it', async () => {
    const { first, hook, built, commit } = await bound('shared')
    const second = await commit({ 'lib/x.js': '// shared\n', 'readme.md': 'of no function' })
    const next = await hook.push({ before: first, after: second })
    expect(next).toMatchObject({ functions: ['b'], untouched: ['a'] })
    const third = await commit({ 'library/x.js': 'beside it' })
    expect((await hook.push({ before: second, after: third })).functions).toEqual([])
    expect(await built()).toEqual(succeeded(second, 'b'))
  })

  test('to functions that it lists itself needs no manifest', async () => {
    const common = { runtime: 'nodejs', handler: 'index.handler', build: { load: false } } as const
    const { first, hook, built, commit } = await bound('listed', {
      functions: [
        { ...common, function: 'x', path: 'a', shared: ['lib'] },
        { ...common, function: 'y', path: 'b' },
      ],
    })
    const second = await commit({ 'lib/x.js': '// shared\n' })
    expect((await hook.push({ before: first, after: second })).functions).toEqual(['x'])
    const third = await commit({ 'b/index.js': `${CODE}//\n`, 'packline.yaml': 'none of it' })
    expect((await hook.push({ before: second, after: third })).functions).toEqual(['y'])
    expect(await built()).toEqual([...succeeded(second, 'x'), ...succeeded(third, 'y')])
  })
})
