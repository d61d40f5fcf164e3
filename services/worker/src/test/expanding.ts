import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Records } from '@packline/records'
import type { DeliveryExpansion, ManifestExpansion } from '@packline/shared'
import { runExpansion } from '../expand/run-expansion.ts'
import { makeWorkerInstallation } from './installation.ts'

export const TENANT = 'acme'

export const MANIFEST = `functions:
  one: {runtime: nodejs, handler: index.handler, path: one, labels: {own: "1"}}
  two: {runtime: nodejs, handler: index.handler, path: two}
`

/** A worker that reads repositories of this machine's disk, and what its tests do with it. */
export async function makeExpanding() {
  const all = await makeWorkerInstallation()
  const { records, logger } = all
  const git = { name: 'git', version: '2', path: '/usr/bin/git', binds: [] }
  const engine = { ...all.engine, tools: { ...all.engine.tools, git }, allowLocalGit: true }
  const folder = await mkdtemp(join(tmpdir(), 'packline-expand-'))
  const begun = async (id: string, by: Records = records) => {
    const beginning = await by.expansions.begin(id, 'w1')
    if (beginning.begun) return beginning.record
    throw new Error(beginning.because)
  }
  return {
    records,
    engine,
    logger,
    begun,
    repository: (name: string, manifest = MANIFEST) => makeRepository(join(folder, name), manifest),
    accepted: async (spec: ManifestExpansion | DeliveryExpansion) => {
      const { id, batch = '' } = await records.expansions.accept(spec, { tenant: TENANT })
      return { id, batch }
    },
    /** `by`: records that behave otherwise, as those of a worker that dies. */
    workedOff: async (id: string, by: Records = records) => {
      const own = { record: await begun(id, by), lastTry: true, backoffMs: 1000 }
      return runExpansion(own, new AbortController(), engine, by, logger)
    },
    resultOf: async (id: string) => (await records.expansions.get(TENANT, id)).result,
    remove: async () => {
      await rm(folder, { recursive: true })
      await all.remove()
    },
  }
}

/** Of a hook that has the repository alone. */
export function push(
  url: string,
  number: number,
  more: Partial<DeliveryExpansion>,
): DeliveryExpansion {
  return {
    kind: 'delivery',
    hook: url.replaceAll('/', '_'),
    delivery: `d${number}`,
    number,
    ref: 'refs/heads/main',
    source: { url },
    functions: { manifest: 'packline.yaml' },
    ...more,
  }
}

export function namesOf(made: { builds: { function: string }[] } | undefined) {
  return made?.builds.map((one) => one.function)
}

async function makeRepository(url: string, manifest: string) {
  await mkdir(url)
  git(url, 'init', '-q', '--initial-branch=main')
  const add = (files: Record<string, string>) => commit(url, files)
  const first = await add({ 'packline.yaml': manifest, 'one/index.js': '1', 'two/index.js': '2' })
  return { url, first, commit: add, git: (...args: string[]) => git(url, ...args) }
}

async function commit(place: string, files: Record<string, string>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(place, path)), { recursive: true })
    await writeFile(join(place, path), text)
  }
  git(place, 'add', '--all')
  // Of two repositories that are filled within a second each has its own commit.
  git(place, 'commit', '-q', '-m', `A commit of ${place}`)
  return git(place, 'rev-parse', 'HEAD')
}

function git(place: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com']
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  return execFileSync('git', [...identity, ...args], { cwd: place, env, encoding: 'utf8' }).trim()
}
