import { execFileSync } from 'node:child_process'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tree } from '../../packages/engine/src/tree.ts'
import { testEngine } from '../harness/engine.ts'
import { fetchedBy } from '../harness/fetch-source.ts'
import { git, serveRepositories } from '../harness/git-server.ts'
import {
  LARGE,
  LITTLE_BYTES_MAX,
  type Mirroring,
  mirroring,
  noise,
  WHOLE_BYTES_MIN,
} from '../harness/mirroring.ts'
import { needs } from '../harness/needs.ts'

let at: Mirroring

beforeAll(async () => {
  at = await mirroring()
})
afterAll(() => at?.close())

/** Small folders beside large files; attributes above one of them change its bytes. */
const FOLDERS = {
  ...LARGE,
  '.gitattributes': '*.txt eol=crlf\n',
  'a/.gitattributes': '*.md eol=crlf\n',
  'a/b/bootstrap': '#!/bin/sh\n',
  'a/b/one.txt': 'one\n',
  'a/b/two.md': 'two\n',
  'a/large.txt': noise('beside'),
  'c/bootstrap': '#!/bin/sh\n',
  'c/medium.txt': noise('c').slice(0, 40_000),
}

const PATH = { path: 'a/b' }

describe('a folder of a repository', () => {
  test('comes without what lies beside it, its files at once', async (context) => {
    needs(context, 'git')
    const { plain, server, repository, build } = at
    const { url, place, first } = await repository('folders', FOLDERS)
    const before = server.requests.length
    const made = await build(url, 'main', PATH, plain)
    expect(made).toMatchObject({ commit: first, failure: undefined })
    expect(made.sent).toBeLessThan(LITTLE_BYTES_MAX)
    // Each fetch asks for what is there, then for what it wants.
    const posts = server.requests.slice(before).filter((line) => line.startsWith('POST'))
    expect(posts.length).toBeLessThanOrEqual(4)
    git(place, 'config', 'uploadpack.allowFilter', 'false')
    const whole = await build(url, 'main', PATH, plain)
    expect(whole.sent).toBeGreaterThan(WHOLE_BYTES_MIN)
    expect(whole.sha256).toBe(made.sha256)
  })

  test('is built where the commit has more files than a package may', async (context) => {
    needs(context, 'git')
    const { plain, repository, build } = at
    const { url, place } = await repository('crowded', { 'a/bootstrap': '#!/bin/sh\n' })
    const blob = git(place, 'rev-parse', 'HEAD:a/bootstrap')
    const names = Array.from({ length: 100_001 }, (_, number) => `f${number}`)
    const crowd = treeOf(
      place,
      names.map((name) => `100644 blob ${blob}\t${name}`),
    )
    const folder = git(place, 'rev-parse', 'HEAD:a')
    const root = treeOf(place, [`040000 tree ${folder}\ta`, `040000 tree ${crowd}\tcrowd`])
    git(place, 'update-ref', 'refs/heads/main', git(place, 'commit-tree', '-m', 'x', root))
    expect((await build(url, 'main', { path: 'a' }, plain)).failure).toBeUndefined()
  })

  test('is held to the limits alone', async (context) => {
    needs(context, 'git')
    const { engine, repository, build } = at
    const { url } = await repository('limits', FOLDERS)
    const limits = { ...engine.profile.limits, unpackedBytesMax: 10_000 }
    const own = await testEngine({ mirrorsBytesMax: 0, profile: { ...engine.profile, limits } })
    expect((await build(url, 'main', PATH, own)).failure).toBeUndefined()
    const { failure } = await build(url, 'main', { path: 'c' }, own)
    expect(failure).toMatchObject({ code: 'UNPACKED_TOO_LARGE' })
    expect(failure?.detail).toMatch(/^"c" has 2 files of 40625 bytes/)
    await own.close()
  })

  test('has any name, and never lies behind a link', async (context) => {
    needs(context, 'git')
    const { plain, repository, build } = at
    const names = ['[a]*?', '#b', '!c', 'd ', 'x/e f/**', '"g"', '你好']
    const files = names.map((name) => [`${name}/bootstrap`, '#!/bin/sh\n'] as const)
    const { url, place, commit } = await repository('names', Object.fromEntries(files))
    await symlink('x', join(place, 'link'))
    await symlink('/etc', join(place, 'out'))
    await symlink('../x', join(place, '#b/beside'))
    await commit({ 'ab/bootstrap': 'another', 'd/bootstrap': 'another' })
    const { sha256 } = await build(url, 'main', { path: '!c' }, plain)
    for (const path of names.filter((name) => name !== '#b')) {
      const made = await build(url, 'main', { path }, plain)
      expect(made, path).toMatchObject({ failure: undefined, sha256 })
    }
    for (const path of ['link', 'link/e f', 'out', 'out/ssl', 'ab/bootstrap', 'a']) {
      const { failure } = await build(url, 'main', { path }, plain)
      expect(failure, path).toMatchObject({ code: 'SOURCE_NOT_FOUND' })
    }
    const { failure } = await build(url, 'main', { path: '#b' }, plain)
    expect(failure?.detail).toContain('beside')
  })

  test('is known to be a member of a workspace, by manifests alone', async (context) => {
    needs(context, 'git')
    const { plain, server, repository } = at
    const { url } = await repository('members', {
      ...FOLDERS,
      'package.json': '{ "workspaces": ["packages/*"] }',
      'node_modules/x/package.json': '{}',
      'packages/fn/index.js': 'exports.handler = () => 1\n',
      'packages/fn/node_modules/y/index.js': '',
      'packages/fn/package.json': '{ "dependencies": { "lib": "1" } }',
      'packages/lib/index.js': noise('lib'),
      'packages/lib/package.json': '{ "name": "lib" }',
    })
    const before = server.sent
    const spec = { kind: 'git', url, ref: 'main', path: 'packages/fn' } as const
    await fetchedBy(spec, { ...plain, tenant: 'test' }, async ({ source }) => {
      const around = await source.around?.()
      expect(around?.path).toBe('packages/fn')
      const pathsOf = (tree?: Tree) => tree?.files.map(({ path }) => path)
      const members = ['packages/fn/package.json', 'packages/lib/package.json']
      expect(pathsOf(around?.tree)).toEqual(['package.json', ...members])
      const own = ['index.js', 'node_modules/y/index.js', 'package.json']
      expect('tree' in source && pathsOf(source.tree)).toEqual(own)
    })
    expect(server.sent - before).toBeLessThan(LITTLE_BYTES_MAX)
  })

  test('whose files can not be had is worth another attempt', async (context) => {
    needs(context, 'git')
    const { plain, server, repository } = at
    const { url } = await repository('away', FOLDERS)
    const pin = async () => {
      server.isAway = true
    }
    const reporter = { event: () => undefined, log: () => undefined, pin }
    const given = { ...plain, tenant: 'test', reporter }
    const fetched = fetchedBy({ kind: 'git', url, ref: 'main', ...PATH }, given, async () => 'made')
    await expect(fetched).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    server.isAway = false
  })

  test('comes from a server that leaves files out and gives none alone', async (context) => {
    needs(context, 'git')
    const { folder, engine, plain, repository, build } = at
    const { first, url } = await repository('first-protocol', FOLDERS)
    const { sha256 } = await build(url, 'main', PATH, plain)
    const old = await serveRepositories(folder, undefined, undefined, true)
    const other = url.replace(at.server.url, old.url)
    for (const by of [plain, engine, engine]) {
      for (const ref of ['main', first]) {
        expect(await build(other, ref, PATH, by)).toMatchObject({ sha256, failure: undefined })
      }
    }
    await old.close()
  })
})

describe('a mirror with folders', () => {
  test('spares what has not changed, of the same commit and of a later one', async (context) => {
    needs(context, 'git')
    const { plain, repository, build, mirrorsOf } = at
    const { url, commit } = await repository('kept', FOLDERS)
    const path = 'c'
    const cold = await build(url, 'main', { path })
    expect(cold.sent).toBeGreaterThan(20_000)
    const again = await build(url, 'main', { path })
    expect(again).toMatchObject({ failure: undefined, sha256: cold.sha256 })
    expect(again.sent).toBeLessThan(LITTLE_BYTES_MAX)
    expect((await build(url, 'main', PATH)).failure).toBeUndefined()
    for (const text of ['one', 'two']) {
      const newest = await commit({ 'c/small.txt': text })
      const made = await build(url, 'main', { path })
      expect(made).toMatchObject({ commit: newest, failure: undefined })
      expect(made.sent).toBeLessThan(LITTLE_BYTES_MAX)
      expect(made.sha256).toBe((await build(url, 'main', { path }, plain)).sha256)
    }
    const [[, kept = []] = [], ...others] = await mirrorsOf(url)
    expect(kept).toHaveLength(4)
    expect(others).toEqual([])
  })

  test('is no help to a whole commit, which is one to folders', async (context) => {
    needs(context, 'git')
    const { plain, repository, build, mirrorsOf } = at
    const { url, commit } = await repository('both', FOLDERS)
    await build(url, 'main', PATH)
    const whole = await build(url)
    expect(whole.sent).toBeGreaterThan(WHOLE_BYTES_MIN)
    expect(whole.sha256).toBe((await build(url, 'main', {}, plain)).sha256)
    expect((await build(url, 'main', { path: 'c' })).sent).toBeLessThan(LITTLE_BYTES_MAX)
    await commit({ 'a/b/one.txt': 'another\n' })
    await build(url, 'main', PATH)
    const later = await build(url)
    expect(later.sent).toBeLessThan(LITTLE_BYTES_MAX)
    expect(later.sha256).toBe((await build(url, 'main', {}, plain)).sha256)
    expect(await mirrorsOf(url)).toHaveLength(1)
  })

  test('is begun and added to by builds of many folders at once', async (context) => {
    needs(context, 'git')
    const { plain, repository, build } = at
    const { url, commit } = await repository('folders-together', FOLDERS)
    const paths = ['a/b', 'c', 'a/b', 'c', undefined]
    for (const text of ['one', 'two']) {
      await commit({ 'small.txt': text, 'c/small.txt': text })
      const made = await Promise.all(paths.map((path) => build(url, 'main', { path })))
      for (const [number, path] of paths.entries()) {
        const { sha256 } = await build(url, 'main', { path }, plain)
        expect(made[number]).toMatchObject({ failure: undefined, sha256 })
      }
    }
    expect((await build(url, 'main', { path: 'c' })).sent).toBeLessThan(LITTLE_BYTES_MAX)
  })
})

function treeOf(folder: string, lines: string[]): string {
  const input = `${lines.join('\n')}\n`
  return execFileSync('git', ['mktree'], { cwd: folder, input, encoding: 'utf8' }).trim()
}
