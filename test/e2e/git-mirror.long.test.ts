import { type BuildContext, readRepository, registryAccess } from '@packline/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAuthority } from '../harness/authority.ts'
import { testEngine } from '../harness/engine.ts'
import { commitFiles, git, serveRepositories } from '../harness/git-server.ts'
import {
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

describe('a later fetch', () => {
  test('takes what has changed only, and makes the same package', async (context) => {
    needs(context, 'git')
    const { plain, repository, build } = at
    const { url, commit } = await repository('changed')
    expect((await build(url)).sent).toBeGreaterThan(WHOLE_BYTES_MIN)
    for (const text of ['one', 'two']) {
      const newest = await commit({ 'small.txt': text })
      const made = await build(url)
      expect(made).toMatchObject({ commit: newest, failure: undefined })
      expect(made.sent).toBeLessThan(LITTLE_BYTES_MAX)
      expect(made.sha256).toBe((await build(url, 'main', {}, plain)).sha256)
    }
  })

  test('of the same commit takes none of its files, by whatever name', async (context) => {
    needs(context, 'git')
    const { repository, build } = at
    const { url, place, first } = await repository('same')
    git(place, 'tag', '-a', 'v1', '-m', 'first')
    const { sha256 } = await build(url)
    for (const ref of ['main', first, 'v1', 'HEAD']) {
      const made = await build(url, ref)
      expect(made).toMatchObject({ sha256, commit: first })
      expect(made.sent).toBeLessThan(LITTLE_BYTES_MAX)
    }
  })

  test('of a manifest takes neither files nor folders that are there', async (context) => {
    needs(context, 'git')
    const { engine, server, repository, build } = at
    const entry = 'runtime: custom, handler: any'
    const folders = noise('folders').split('\n').slice(0, 600)
    const many = Object.fromEntries(folders.map((name) => [`files/${name}/a.txt`, 'a']))
    const { url, first, commit } = await repository('listing', {
      ...many,
      'packline.yaml': `functions:\n  one: {${entry}, path: one}\n  two: {${entry}, path: two}\n`,
    })
    const surroundings = {
      ...engine,
      tenant: 'test',
      signal: AbortSignal.timeout(60_000),
      openCredential: async () => undefined,
      reporter: { event: () => undefined, log: () => undefined, pin: async () => undefined },
    } as unknown as BuildContext
    const asked = { url, ref: 'main', functions: { manifest: 'packline.yaml' } }
    const cold = server.sent
    await readRepository(asked, surroundings)
    const warm = server.sent
    await build(url)
    const newest = await commit({ 'two/bootstrap': '#!/bin/sh\n' })
    const before = server.sent
    const read = await readRepository({ ...asked, since: first }, surroundings)
    expect(read.commit).toBe(newest)
    expect(read.functions.filter((one) => one.touched)).toMatchObject([{ function: 'two' }])
    expect(server.sent - before).toBeLessThan((warm - cold) / 3)
  })
})

describe('the server is asked each time', () => {
  test('where a branch was forced, a tag moved or a branch deleted', async (context) => {
    needs(context, 'git')
    const { plain, repository, build } = at
    const { url, place, first, commit } = await repository('moving')
    git(place, 'branch', 'side')
    git(place, 'tag', 'v1')
    await commit({ 'lost.txt': 'lost' })
    for (const ref of ['main', 'side', 'v1']) await build(url, ref)
    git(place, 'reset', '-q', '--hard', first)
    const forced = await commit({ 'forced.txt': 'forced' })
    git(place, 'tag', '-f', 'v1')
    git(place, 'branch', '-D', 'side')
    const made = await build(url)
    const { sha256 } = await build(url, 'main', {}, plain)
    expect(made).toMatchObject({ commit: forced, sha256 })
    expect(made.sent).toBeLessThan(LITTLE_BYTES_MAX)
    expect(await build(url, 'v1')).toMatchObject({ commit: forced })
    expect((await build(url, 'side')).failure).toMatchObject({ code: 'SOURCE_NOT_FOUND' })
  })

  test('for a commit that nothing but the mirror has any more', async (context) => {
    needs(context, 'git')
    const { repository, build, mirrorsOf } = at
    const { url, place, first } = await repository('forgotten')
    await build(url)
    git(place, 'checkout', '-q', '--orphan', 'fresh')
    await commitFiles(place, { 'fresh.txt': 'fresh' })
    git(place, 'branch', '-M', 'main')
    git(place, 'reflog', 'expire', '--expire=now', '--all')
    git(place, 'gc', '-q', '--prune=now')
    expect((await mirrorsOf(url))[0]?.[1]).toContain(first)
    const pinned = { kind: 'git', url, ref: 'main', commit: first } as const
    for (const asked of [build(url, first), build(url, 'main', { pinned })]) {
      const { failure, commit } = await asked
      expect(failure).toMatchObject({ code: 'SOURCE_NOT_FOUND' })
      expect(commit).toBeUndefined()
    }
  })

  test('for its history, where it gives a commit in no other way', async (context) => {
    needs(context, 'git')
    const { folder, repository, build, mirrorsOf } = at
    const old = await serveRepositories(folder, undefined, undefined, true)
    const { place, first, commit } = await repository('old')
    const url = `${old.url}/old/.git`
    await build(url)
    const lost = await commit({ 'lost.txt': 'lost' })
    await build(url)
    git(place, 'reset', '-q', '--hard', first)
    await commit({ 'small.txt': 'small' })
    expect((await build(url, lost)).failure).toMatchObject({ code: 'SOURCE_NOT_FOUND' })
    expect((await mirrorsOf(url))[0]?.[1]).toContain(lost)
    expect(await build(url, first)).toMatchObject({ commit: first, failure: undefined })
    await old.close()
  })

  test('whether it still takes the credential', async (context) => {
    needs(context, 'git', 'openssl')
    const { folder, cacheFolder, repository, build, mirrorsOf } = at
    const authority = makeAuthority(folder)
    const basic = Buffer.from('x-access-token:good').toString('base64')
    const secret = authority.issue(['127.0.0.1'])
    const secured = await serveRepositories(folder, secret, `Basic ${basic}`)
    const registries = await registryAccess({ ca: authority.path })
    const own = await testEngine({ cacheFolder, registries })
    const { first } = await repository('private')
    const url = `${secured.url}/private/.git`
    const { host } = new URL(url)
    const holding = (token: string) => ({
      openCredential: (async () => ({
        kind: 'git-token',
        host,
        token,
      })) as unknown as BuildContext['openCredential'],
    })
    expect(await build(url, 'main', holding('good'), own)).toMatchObject({ commit: first })
    for (const ref of ['main', first]) {
      const { failure, commit } = await build(url, ref, holding('revoked'), own)
      expect(failure).toMatchObject({ code: 'SOURCE_NOT_FOUND' })
      expect(commit).toBeUndefined()
    }
    expect(await mirrorsOf(url)).toHaveLength(1)
    await Promise.all([secured.close(), own.close()])
  })

  test('by a tenant that has fetched nothing, for everything', async (context) => {
    needs(context, 'git')
    const { repository, build, mirrorsOf } = at
    const { url } = await repository('shared')
    const { sha256 } = await build(url)
    const other = await build(url, 'main', { tenant: 'other' })
    expect(other.sent).toBeGreaterThan(WHOLE_BYTES_MIN)
    expect(other.sha256).toBe(sha256)
    expect(await mirrorsOf(url, 'other')).toHaveLength(1)
  })
})
