import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import {
  commitFiles,
  type GitServer,
  git,
  makeRepository,
  serveRepositories,
} from '../harness/git-server.ts'
import { needs } from '../harness/needs.ts'

let folder: string
let engine: TestEngine
let server: GitServer
let first: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-git-'))
  engine = await testEngine()
  server = await serveRepositories(folder)
  first = await makeRepository(join(folder, 'app'), {
    bootstrap: '#!/bin/sh\necho one\n',
    'functions/two/bootstrap': '#!/bin/sh\necho two\n',
    'readme.txt': '你好\n',
  })
  git(join(folder, 'app'), 'tag', '-a', 'v1', '-m', 'first')
  await commitFiles(join(folder, 'app'), { 'new.txt': 'new\n' })
})
afterAll(async () => {
  await server?.close()
  await engine?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

type GitSpec = Omit<Extract<BuildRequestInput['source'], { kind: 'git' }>, 'kind'>

async function build(source: GitSpec, pinned?: string) {
  return engine.build(
    {
      function: 'hello',
      runtime: 'custom',
      handler: 'any',
      source: { kind: 'git', ...source },
      build: { load: false },
    },
    pinned ? { pinned: { kind: 'git', url: source.url, ref: 'main', commit: pinned } } : {},
  )
}

async function filesOf(source: GitSpec, pinned?: string): Promise<string[]> {
  const { outcome, path = '' } = await build(source, pinned)
  if (outcome.status === 'failed') throw outcome.cause
  return execFileSync('unzip', ['-Z1', path], { encoding: 'utf8' }).trim().split('\n')
}

async function failureOf(source: GitSpec) {
  const { outcome, events, log } = await build(source)
  if (outcome.status === 'succeeded') throw new Error('it was built')
  const text = JSON.stringify([outcome.failure, events, log])
  return { ...outcome.failure, text }
}

test('a branch over http comes with its newest commit, pinned before it is used', async (context) => {
  needs(context, 'git', 'unzip')
  const url = `${server.url}/app/.git`
  const { outcome, pins, path = '' } = await build({ url, ref: 'main' })
  expect(outcome).toMatchObject({ status: 'succeeded' })
  const commit = git(join(folder, 'app'), 'rev-parse', 'main')
  expect(pins).toEqual([{ kind: 'git', url, ref: 'main', commit, path: undefined }])
  const files = execFileSync('unzip', ['-Z1', path], { encoding: 'utf8' }).trim().split('\n')
  expect(files).toEqual(['bootstrap', 'functions/two/bootstrap', 'new.txt', 'readme.txt'])
  const requests = server.requests.filter((line) => line.startsWith('POST'))
  expect(requests.every((line) => line.endsWith('/git-upload-pack'))).toBe(true)
})

test('without a ref it is the default branch, with a path only what is below it', async (context) => {
  needs(context, 'git', 'unzip')
  const url = join(folder, 'app')
  expect(await filesOf({ url })).toContain('new.txt')
  expect(await filesOf({ url, path: 'functions/two' })).toEqual(['bootstrap'])
  expect(await filesOf({ url: `file://${url}`, path: 'functions' })).toEqual(['bootstrap'])
})

test('tags and commit ids are found, over http and on disk', async (context) => {
  needs(context, 'git', 'unzip')
  for (const url of [`${server.url}/app/.git`, join(folder, 'app')]) {
    expect(await filesOf({ url, ref: 'v1' })).not.toContain('new.txt')
    // Neither a branch nor a tag leads to it directly, and the server gives no other commits.
    expect(await filesOf({ url, ref: first })).not.toContain('new.txt')
  }
})

test('a later attempt builds the commit that an earlier one pinned', async (context) => {
  needs(context, 'git', 'unzip')
  const url = join(folder, 'app')
  expect(await filesOf({ url, ref: 'main' }, first)).not.toContain('new.txt')
})

test('a later build fetches no more than what has changed', async (context) => {
  needs(context, 'git', 'unzip')
  const place = join(folder, 'large')
  const bytes = randomBytes(150_000).toString('hex')
  await makeRepository(place, { bootstrap: '#!/bin/sh\n', 'large.txt': bytes })
  const url = `${server.url}/large/.git`
  const sentFor = async (ref: string) => {
    const before = server.sent
    expect(await filesOf({ url, ref })).toContain('large.txt')
    return server.sent - before
  }
  expect(await sentFor('main')).toBeGreaterThan(150_000)
  const second = await commitFiles(place, { 'small.txt': 'small' })
  expect(await sentFor('main')).toBeLessThan(10_000)
  expect(await sentFor(second)).toBeLessThan(10_000)
})

test('what does not exist is said: host path, repository, ref, folder', async (context) => {
  needs(context, 'git')
  const url = `${server.url}/app/.git`
  const cases: [GitSpec, RegExp][] = [
    [{ url: join(folder, 'none') }, /no repository at .*none$/],
    [{ url: folder }, /no repository/],
    [{ url: `${server.url}/none.git` }, /no repository at .*none\.git/],
    [{ url, ref: 'nowhere' }, /no branch, tag or commit "nowhere"/],
    [{ url, ref: 'a'.repeat(40) }, /no branch, tag or commit "aaaa/],
    [{ url, path: 'functions/three' }, /no folder "functions\/three"/],
    [{ url, path: 'readme.txt' }, /"readme.txt" is a file/],
  ]
  for (const [source, message] of cases) {
    const failure = await failureOf(source)
    expect(failure, JSON.stringify(source)).toMatchObject({ code: 'SOURCE_NOT_FOUND' })
    expect(failure.detail).toMatch(message)
    expect(failure.hint).toBeTruthy()
  }
})

test('an empty repository has no commit to build', async (context) => {
  needs(context, 'git')
  git(folder, 'init', '-q', 'empty')
  expect(await failureOf({ url: join(folder, 'empty') })).toMatchObject({
    code: 'SOURCE_NOT_FOUND',
    detail: `${join(folder, 'empty')} has no commit`,
  })
})

test('a host that does not answer as git is worth another attempt', async (context) => {
  needs(context, 'git')
  const silent = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : 0
  const url = `http://127.0.0.1:${port}/app.git`
  expect(await failureOf({ url })).toMatchObject({ code: 'SOURCE_UNREACHABLE' })
  await new Promise((resolve) => silent.close(resolve))
  expect(await failureOf({ url })).toMatchObject({ code: 'SOURCE_UNREACHABLE' })
  const unknown = 'https://no-such-host.invalid/app.git'
  expect(await failureOf({ url: unknown })).toMatchObject({ code: 'SOURCE_UNREACHABLE' })
})

test('nothing of a repository runs: hooks, filters and submodules stay as they are', async (context) => {
  needs(context, 'git', 'unzip')
  const evil = join(folder, 'evil')
  const trap = join(folder, 'trapped')
  await makeRepository(evil, {
    bootstrap: '#!/bin/sh\n',
    '.gitattributes': '*.txt filter=trap\n*.bin filter=lfs\n',
    'a.txt': 'a\n',
    '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% trapped\n',
  })
  git(evil, 'checkout', '-q', '-b', 'linked')
  await symlink('/etc/passwd', join(evil, 'link'))
  await commitFiles(evil, {})
  // From here on the repository's own settings are traps.
  git(evil, 'config', 'filter.trap.smudge', `touch ${trap}`)
  git(evil, 'config', 'core.fsmonitor', `touch ${trap}`)
  const hook = join(evil, '.git/hooks/post-checkout')
  await writeFile(hook, `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 })
  const { outcome, events } = await build({ url: evil, ref: 'linked' })
  expect(outcome.status).toBe('failed')
  expect(outcome.status === 'failed' && outcome.failure.detail).toMatch(/link/)
  expect(events.filter(({ type }) => type === 'warning')).toHaveLength(2)
  const files = await filesOf({ url: evil, ref: 'main' })
  expect(files).toEqual(['a.txt', 'bootstrap'])
  await expect(rm(trap)).rejects.toThrow('ENOENT')
})

test('a password in the address is refused before there is a build, and not said again', async () => {
  const refused = await build({ url: 'https://me:s3cret@example.com/a.git' }).catch(String)
  expect(refused).toContain('must hold no user, no password and no query')
  expect(refused).not.toContain('s3cret')
})
