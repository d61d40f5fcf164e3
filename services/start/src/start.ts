import { describeRegistries, registrySettings } from '@packline/setup'
import { describeWorker } from './describe-worker.ts'
import { findRecords, findSandbox, findStore } from './find-services.ts'
import { startLine } from './line.ts'
import { takeLocalFolder } from './local-folder.ts'
import { type Needed, whileAllRun } from './one-ends.ts'
import { packExamples } from './pack-examples.ts'
import { scratchFolder } from './scratch-folder.ts'

export interface StartOptions {
  root: string
  once: boolean
  buildMinio: boolean
  environment: NodeJS.ProcessEnv
  output: NodeJS.WriteStream
  signal: AbortSignal
}

/** Sets up what is needed, packages the examples and stays until it is stopped: the exit code. */
export async function start(options: StartOptions): Promise<number> {
  const { root, environment, output, signal } = options
  const say = (text: string) => output.write(`${text}\n`)
  await using stack = new AsyncDisposableStack()
  const local = await takeLocalFolder(root)
  stack.defer(() => local.release())
  const find = { local: local.path, environment, say, signal }
  const redis = await findRecords(find)
  stack.defer(() => redis.stop())
  say(`Redis    ${redis.how}`)
  const store = await findStore({ ...find, buildMinio: options.buildMinio })
  stack.defer(() => store.stop())
  say(`store    ${store.how}`)
  const registries = await registrySettings(environment)
  for (const line of describeRegistries(registries)) say(`network  ${line}`)
  const { bwrap, isProven } = await findSandbox(find)
  const scratch = await scratchFolder(local.path, isProven)
  stack.defer(() => scratch.remove())
  const line = await startLine({
    root,
    local: local.path,
    key: local.key,
    secretKey: local.secretKey,
    redisUrl: redis.url,
    storeUrl: store.url,
    scratch: scratch.path,
    bwrap,
    registries: JSON.stringify(registries),
    environment,
    signal,
  })
  // The worker hands back what it has while the API still answers.
  for (const service of line.services.toReversed()) stack.defer(() => service.stop())
  for (const text of describeWorker(line.view)) say(text)

  const [worker, api] = line.services
  const needed: Needed[] = [
    { name: 'Redis', exited: redis.exited, logFile: '.local/redis/redis.log' },
    { name: 'MinIO', exited: store.exited, logFile: '.local/minio/minio.log' },
    { name: 'The API', exited: api.exited, logFile: '.local/api.log' },
    { name: 'The worker', exited: worker.exited, logFile: '.local/worker.log' },
  ]
  // Awaited here: what `stack` holds is stopped when this function returns.
  return await whileAllRun(needed, signal, async (running) => {
    const { key } = local
    const isAsExpected = await packExamples(line, { root, key, output, signal: running })
    if (options.once) return isAsExpected ? 0 : 1
    say(`\nurl  ${line.url}\nkey  ${key}\n\nREADY ${line.url}`)
    await untilStopped(signal, running)
    say('stopping')
    return 0
  })
}

/** Until `stopped` aborts; throws when the other signal does. */
async function untilStopped(stopped: AbortSignal, running: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  running.addEventListener('abort', () => resolve(), { once: true })
  if (!running.aborted) await promise
  if (!stopped.aborted) throw running.reason
}
