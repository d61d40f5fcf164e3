import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packlineClient } from '@packline/client'
import { DEFAULT_PROFILE, loadProfile } from '@packline/profiles'
import {
  describeRegistries,
  findMinio,
  findRedis,
  findSandboxTool,
  registrySettings,
} from '@packline/setup'
import { PacklineError } from '@packline/shared'
import { readExamples } from './examples.ts'
import { startLine } from './line.ts'
import { takeLocalFolder } from './local-folder.ts'
import { showProgress } from './progress.ts'
import { isAsExpected, runExamples } from './run-examples.ts'
import { failureText, type Row, resultTable } from './table.ts'

export interface StartOptions {
  root: string
  once: boolean
  buildMinio: boolean
  environment: NodeJS.ProcessEnv
  output: NodeJS.WriteStream
  signal: AbortSignal
}

/** Sets up what is needed, packages the examples and stays until it is stopped. */
export async function start(options: StartOptions): Promise<number> {
  const { root, environment, output, signal } = options
  const say = (text: string) => output.write(`${text}\n`)
  await using stack = new AsyncDisposableStack()
  const local = await takeLocalFolder(root)
  stack.defer(() => local.release())
  const redis = await findRedis({
    url: environment.PACKLINE_REDIS_URL,
    folder: join(local.path, 'redis'),
    debianFolder: join(local.path, 'debian'),
    environment,
    note: () => undefined,
    signal,
  })
  stack.defer(() => redis.stop())
  say(`Redis    ${redis.how}`)
  const store = await findStore(options, local.path, say)
  stack.defer(() => store.stop())
  say(`store    ${store.how}`)
  const bwrap = await findSandbox(options, local.path, say)
  const registries = await registrySettings(environment)
  for (const line of describeRegistries(registries)) say(`tools    ${line}`)
  const line = await startLine({
    root,
    local: local.path,
    key: local.key,
    redisUrl: redis.url,
    storeUrl: store.url,
    bwrap,
    registries: JSON.stringify(registries),
    environment,
    signal,
  })
  // In turn: the worker hands back what it has while the API still answers.
  for (const service of line.services.toReversed()) stack.defer(() => service.stop())
  const asExpected = await packExamples(options, line.url, local.key, say)
  if (options.once) return asExpected ? 0 : 1
  say(`\nurl  ${line.url}\nkey  ${local.key}\n\nREADY ${line.url}`)
  await until(signal, [redis, store, ...line.services])
  return 0
}

async function findStore(
  { environment, buildMinio, signal }: StartOptions,
  local: string,
  say: (text: string) => void,
) {
  const given = environment.PACKLINE_STORE_URL
  if (given?.startsWith('file:')) return { url: given, how: 'given by URL', stop: async () => {} }
  const order = ['url', 'cached', 'path', 'container', 'build'] as const
  try {
    return await findMinio({
      url: given,
      folder: join(local, 'minio'),
      environment,
      note: buildMinio ? say : () => undefined,
      order: order.filter((way) => way !== 'build' || buildMinio),
      signal,
    })
  } catch (error) {
    if (given || buildMinio || !(error instanceof PacklineError)) throw error
    const how = 'a folder, .local/store (for a real MinIO, built once: npm start -- --minio)'
    const url = pathToFileURL(join(local, 'store')).href
    return { url, how, stop: async () => {} }
  }
}

async function findSandbox(
  { environment, signal }: StartOptions,
  local: string,
  say: (text: string) => void,
): Promise<string | undefined> {
  try {
    const debianFolder = join(local, 'debian')
    const tool = await findSandboxTool({ environment, debianFolder, note: () => undefined, signal })
    say(`sandbox  bubblewrap ${tool.how}`)
    return tool.program
  } catch (error) {
    if (!(error instanceof PacklineError)) throw error
    say(`sandbox  none: code being built is not fenced in. ${error.message} ${error.hint ?? ''}`)
    return undefined
  }
}

async function packExamples(
  { root, output, signal }: StartOptions,
  url: string,
  key: string,
  say: (text: string) => void,
): Promise<boolean> {
  const [examples, profile] = await Promise.all([
    readExamples(join(root, 'examples')),
    loadProfile(DEFAULT_PROFILE),
  ])
  say(`\npackaging ${examples.length} examples as one batch\n`)
  const progress = showProgress(output)
  const client = packlineClient({ url, key })
  const rows = await runExamples(
    examples,
    client,
    ({ request }) => request.version ?? profile.runtimes[request.runtime].default,
    progress,
    signal,
  )
  progress.close()
  say(`\n${resultTable(rows)}`)
  for (const { name, build } of rows)
    if (build?.failure) say(`\n${failureText(name, build.failure)}`)
  const asExpected = isAsExpected(rows, examples)
  say(`\n${summary(rows, asExpected)}`)
  return asExpected
}

function summary(rows: readonly Row[], asExpected: boolean): string {
  const count = (text: string, test: (row: Row) => boolean) => `${rows.filter(test).length} ${text}`
  const parts = [
    count('packaged', (row) => row.build?.state === 'succeeded'),
    count('failed', (row) => row.build?.state === 'failed'),
    count('not built', (row) => row.build === undefined),
  ]
  const remark = asExpected ? 'as expected (one fails on purpose)' : 'NOT as expected'
  return `${parts.join(', ')}: ${remark}`
}

/** Until somebody stops it, or one of the processes it needs ends by itself. */
async function until(
  signal: AbortSignal,
  processes: { exited?: Promise<unknown> }[],
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve(), { once: true })
  if (signal.aborted) resolve()
  for (const { exited } of processes) {
    exited?.then(() =>
      reject(
        new PacklineError('BUG', 'A process of the line ended by itself', {
          hint: 'The logs in .local say why.',
        }),
      ),
    )
  }
  await promise
}
