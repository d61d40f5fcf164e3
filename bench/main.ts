import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import {
  exitWithParent,
  findMinio,
  findRedis,
  freePort,
  type Service,
  startService,
} from '@packline/setup'
import { startLine } from '../services/start/src/line.ts'
import { bareLoop } from './bare/loop.ts'
import { oneFileFunctions } from './functions.ts'
import { submitAndWatch } from './watch.ts'

/** What the figures in the docs were measured with; fewer give a quick look. */
const { values: size } = parseArgs({
  options: {
    functions: { type: 'string', default: '5000' },
    pairs: { type: 'string', default: '5' },
  },
})
const FUNCTIONS = Number(size.functions)
const PAIRS = Number(size.pairs)
const KEY = 'bench-key-of-the-development-tenant'

const say = (text: string) => process.stdout.write(`${text}\n`)

exitWithParent()
await bench()

/**
 * Packages one-file functions through the whole line, load check off, beside two floors in the same
 * run: the same topology with nothing of ours, and the bare loop in one process.
 */
async function bench(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const root = join(import.meta.dirname, '..')
  const folder = await mkdtemp(join(tmpdir(), 'packline-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const environment = process.env
  const signal = AbortSignal.timeout(30 * 60_000)
  const common = { environment, note: say, signal }
  const redis = await findRedis({
    ...common,
    folder: join(folder, 'redis'),
    debianFolder: join(root, '.local/debian'),
  })
  stack.defer(() => redis.stop())
  const order = ['cached', 'path', 'container', 'build'] as const
  const minio = await findMinio({ ...common, folder: join(folder, 'minio'), order: [...order] })
  stack.defer(() => minio.stop())
  const options = {
    root,
    local: folder,
    key: KEY,
    registries: '{}',
    bwrap: undefined,
    environment,
    signal,
  }
  const line = await startLine({ ...options, redisUrl: redis.url, storeUrl: minio.url })
  for (const service of line.services.toReversed()) stack.defer(() => service.stop())
  const bare = await startBare(root, folder, redis.url, minio.url, signal)
  for (const service of bare.services) stack.defer(() => service.stop())

  const functions = oneFileFunctions(FUNCTIONS)
  const ours = { url: line.url, key: KEY }
  await submitAndWatch(ours, functions.slice(0, 500))
  await submitAndWatch({ url: bare.url, key: KEY }, functions.slice(0, 500))
  const rates: { line: number; bare: number; loop: number }[] = []
  for (let pair = 1; pair <= PAIRS; pair++) {
    const row = {
      line: await submitAndWatch(ours, functions),
      bare: await submitAndWatch({ url: bare.url, key: KEY }, functions),
      loop: await bareLoop(redis.url, minio.url, functions.map(bareFunction)),
    }
    rates.push(row)
    say(
      `pair ${pair}: line ${perSecond(row.line)}, bare topology ${perSecond(row.bare)}, bare loop ${perSecond(row.loop)}`,
    )
  }
  const of = (pick: (row: (typeof rates)[number]) => number) => median(rates.map(pick))
  say(
    `median: line ${perSecond(of((r) => r.line))}, bare topology ${perSecond(of((r) => r.bare))}, bare loop ${perSecond(of((r) => r.loop))}`,
  )
  say(`ratio ${of((row) => row.line / row.bare).toFixed(2)}`)
  say(`loop ${of((row) => row.line / row.loop).toFixed(2)}`)
}

function bareFunction(request: { function: string; source: unknown }) {
  return { function: request.function, source: request.source }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function perSecond(rate: number): string {
  return `${Math.round(rate)}/s`
}

async function startBare(
  root: string,
  folder: string,
  redisUrl: string,
  storeUrl: string,
  signal: AbortSignal,
): Promise<{ url: string; services: Service[] }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { BARE_REDIS_URL: redisUrl, BARE_STORE_URL: storeUrl, BARE_PORT: String(port) }
  const start = (name: string, isReady: () => Promise<boolean>) =>
    startService({
      name,
      argv: [process.execPath, join(root, 'bench/bare', `${name}.ts`)],
      cwd: root,
      env,
      logFile: join(folder, `bare-${name}.log`),
      isReady,
      readyMsMax: 30_000,
      graceMs: 5000,
      signal,
    })
  const answers = () =>
    fetch(`${url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    )
  return { url, services: [await start('api', answers), await start('worker', async () => true)] }
}
