import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildSettings, type TestEngine, testEngine } from './engine.ts'
import { commitFiles, git, makeRepository, serveRepositories } from './git-server.ts'

/** What a whole fetch of LARGE takes at least, and one of a few small files at most. */
export const WHOLE_BYTES_MIN = 200_000
export const LITTLE_BYTES_MAX = 10_000
export const LARGE = {
  bootstrap: '#!/bin/sh\n',
  'large.txt': noise('large'),
  'more.txt': noise('more'),
}

/** Text that is always the same and hardly gets smaller. */
export function noise(seed: string): string {
  const digest = (at: number) => createHash('sha256').update(`${seed} ${at}`).digest('hex')
  return Array.from({ length: 4000 }, (_, at) => digest(at)).join('\n')
}

export type Mirroring = Awaited<ReturnType<typeof mirroring>>

/** Repositories behind a server, and engines that build them with mirrors and without. */
export async function mirroring() {
  const folder = await mkdtemp(join(tmpdir(), 'packline-mirror-'))
  const cacheFolder = join(folder, 'cache')
  const [engine, plain, server] = await Promise.all([
    testEngine({ cacheFolder }),
    testEngine({ mirrorsBytesMax: 0 }),
    serveRepositories(folder),
  ])
  const repository = async (name: string, files: Record<string, string> = LARGE) => {
    const place = join(folder, name)
    const first = await makeRepository(place, files)
    git(place, 'config', 'uploadpack.allowFilter', 'true')
    const commit = (more: Record<string, string>) => commitFiles(place, more)
    return { place, first, url: `${server.url}/${name}/.git`, commit }
  }
  /** `sent`: what the server sent for it, where nothing else is fetched meanwhile. */
  const build = async (url: string, ref = 'main', settings: Settings = {}, by = engine) => {
    const before = server.sent
    const made = await builtBy(by, url, ref, settings)
    return { ...made, sent: server.sent - before }
  }
  return {
    folder,
    cacheFolder,
    engine,
    /** It keeps no mirrors: what it makes is what the others have to make. */
    plain,
    server,
    repository,
    build,
    /** The repository's mirrors, each with the commits that it has. */
    mirrorsOf: (url: string, tenant = 'test') => listMirrors(join(cacheFolder, tenant, 'git'), url),
    close: async () => {
      await Promise.all([server.close(), engine.close(), plain.close()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** `path`: the folder that is built. */
type Settings = BuildSettings & { path?: string }

async function builtBy(engine: TestEngine, url: string, ref: string, given: Settings) {
  const { path, ...settings } = given
  const request = { function: 'hello', runtime: 'custom', handler: 'any' } as const
  const source = { kind: 'git', url, ref, path } as const
  const whole = { ...request, source, build: { load: false } }
  const { outcome, pins } = await engine.build(whole, settings)
  const pin = pins.at(-1)
  return {
    sha256: outcome.status === 'succeeded' ? outcome.package.sha256 : undefined,
    failure: outcome.status === 'failed' ? outcome.failure : undefined,
    commit: pin?.kind === 'git' ? pin.commit : undefined,
  }
}

async function listMirrors(parent: string, url: string): Promise<[string, string[]][]> {
  const prefix = createHash('sha256').update(url).digest('hex')
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix)).sort()
  return Promise.all(
    names.map(async (name) => [join(parent, name), await readdir(join(parent, name))]),
  )
}
