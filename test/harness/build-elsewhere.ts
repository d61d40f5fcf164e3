import { spawn } from 'node:child_process'
import { delimiter, join, resolve } from 'node:path'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type TestRequest, testEngine } from './engine.ts'

/** What may differ between two workers and must not between their packages. */
export interface Elsewhere {
  timeZone: string
  /** In octal, as the shell has it. */
  umask: string
  /** Empty at first; without it the cache of all tests. */
  cacheFolder?: string
  /** Another copy of this tree, which builds in place of this one. */
  clone?: string
  /** A folder of tools before those of PATH. */
  tools?: string
  /** User and group that it runs as; only root can give one. */
  user?: number
}

/**
 * The sha256 of what an engine of its own process, folder, time zone and umask makes; what was
 * split off follows its package.
 */
export async function builtElsewhere(
  requests: readonly TestRequest[],
  { timeZone, umask, cacheFolder, clone = ROOT, user, tools }: Elsewhere,
): Promise<string[]> {
  const script = `umask ${umask}; exec "$0" "$@"`
  const home = user === undefined ? {} : { HOME: cacheFolder }
  const PATH = [tools, process.env.PATH].filter(Boolean).join(delimiter)
  const child = spawn('/bin/sh', ['-c', script, process.execPath, join(clone, OWN_PLACE)], {
    env: { ...process.env, ...home, PATH, TZ: timeZone },
    stdio: ['pipe', 'pipe', 'inherit'],
    uid: user,
    gid: user,
  })
  child.stdin.end(JSON.stringify({ requests, cacheFolder }))
  return (await json(child.stdout)) as string[]
}

const ROOT = resolve(import.meta.dirname, '../..')
const OWN_PLACE = 'test/harness/build-elsewhere.ts'

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { requests, cacheFolder } = (await json(process.stdin)) as {
    requests: TestRequest[]
    cacheFolder?: string
  }
  const engine = await testEngine(cacheFolder ? { cacheFolder: join(cacheFolder, 'cache') } : {})
  const digests: string[] = []
  for (const request of requests) {
    const { outcome } = await engine.build(request)
    if (outcome.status === 'failed') throw new Error(outcome.failure.detail)
    digests.push(outcome.package.sha256)
    if (outcome.split) digests.push(outcome.split.package.sha256)
  }
  await engine.close()
  process.stdout.write(JSON.stringify(digests))
}
