import { hostname } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { findIsolation, findTools, queuesOf, registryAccess } from '@packline/engine'
import { loadProfile } from '@packline/profiles'
import { checkRedis, connectRedis, makeQueues, makeRecords, untilReady } from '@packline/records'
import { exitWithParent } from '@packline/setup'
import { PacklineError, type WorkerView } from '@packline/shared'
import { archiveStore, storeFromUrl } from '@packline/stores'
import { pino } from 'pino'
import { type Config, readConfig } from './config.ts'
import { consume } from './consume.ts'
import { keepHouse, removeLeftovers } from './housekeeping.ts'
import type { WorkerEngine } from './run-build.ts'
import { makeSlots } from './slots.ts'
import { toolVersions } from './tool-versions.ts'

exitWithParent()
await main().catch((error: unknown) => {
  const hint = error instanceof PacklineError && error.hint ? ` ${error.hint}` : ''
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}.${hint}\n`)
  process.exit(1)
})

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = pino({
    level: config.logLevel,
    name: 'worker',
    // Under any other name than `err` pino writes an error without its message and its cause.
    serializers: { error: pino.stdSerializers.errWithCause },
  })
  const redis = connectRedis(config.redisUrl)
  await untilReady(redis)
  await checkRedis(redis)
  const queues = makeQueues({ connection: redis, prefix: config.prefix })
  const engine = await makeEngine(config)
  if (engine.isolation.kind === 'none') logger.warn(engine.isolation.description)
  const store = archiveStore(engine.store)
  const records = makeRecords({ redis, queues, prefix: config.prefix, store })
  const queueNames = queuesOf(engine.tools, engine.profile)
  const consumers = consume({
    queueNames,
    buildsMax: config.buildsMax,
    worker: config.worker,
    connection: connectRedis(config.redisUrl, 'blocking'),
    queues,
    records,
    engine,
    slots: makeSlots(config.buildsMax),
    logger,
  })
  records.onCancel((id) => consumers.stop(id, 'ended'))
  const startedAt = new Date().toISOString()
  const view = (): WorkerView => ({
    id: config.worker,
    host: hostname(),
    pid: process.pid,
    startedAt,
    seenAt: new Date().toISOString(),
    queues: [...queueNames],
    buildsMax: config.buildsMax,
    toolSlots: config.toolSlots,
    running: consumers.running().length,
    tools: toolVersions(engine.tools),
    isolation: engine.isolation.description,
  })
  const house = keepHouse(records, consumers, view, config.aliveFile, logger)
  logger.info({ queues: queueNames, isolation: engine.isolation.description }, 'ready')
  process.send?.({ ready: config.worker })

  const stop = async () => {
    // Exits within the deadline also where Redis is gone and nothing can be handed back.
    setTimeout(() => process.exit(1), config.stopMs + 8000).unref()
    await consumers.close(config.stopMs)
    house.stop()
    await records.farewell(config.worker).catch(() => undefined)
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

async function makeEngine(config: Config): Promise<WorkerEngine> {
  await removeLeftovers(config.scratch)
  const store = storeFromUrl(config.storeUrl)
  await store.prepare()
  const [profile, tools, isolation] = await Promise.all([
    loadProfile(config.profile),
    findTools(config.search),
    findIsolation({
      bwrap: config.bwrap,
      unsandboxed: config.unsandboxed,
      slotsMax: config.toolSlots,
    }),
  ])
  return {
    profile,
    tools,
    isolation,
    store,
    scratchFolder: join(config.scratch, `worker-${process.pid}`),
    cacheFolder: config.cache,
    registries: registryAccess(config.registries),
    allowLocalGit: config.localGit,
    plainHttpHosts: config.plainHttpHosts,
  }
}
