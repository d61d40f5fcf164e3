import { hostname } from 'node:os'
import process from 'node:process'
import {
  findIsolation,
  findTools,
  lacksOf,
  queuesOf,
  registryAccess,
  untilCollected,
} from '@packline/engine'
import { loadProfile } from '@packline/profiles'
import { checkRedis, connectRedis, makeQueues, makeRecords, untilReady } from '@packline/records'
import { exitWithParent } from '@packline/setup'
import { PacklineError, type WorkerView } from '@packline/shared'
import { archiveStore, storeFromUrl } from '@packline/stores'
import type { Logger } from 'pino'
import { type Config, readConfig } from './config.ts'
import { type Consumers, consume } from './consume.ts'
import { keepHouse } from './housekeeping.ts'
import { makeLogger } from './make-logger.ts'
import { makePlaces } from './places.ts'
import { ownScratch, removeLeftovers } from './scratch.ts'
import { toolVersions } from './tool-versions.ts'
import type { WorkerEngine } from './worker-engine.ts'

/** Handing builds back takes a moment: their tools are killed, Redis is told. */
const HAND_BACK_MS = 4000

/** Some machines' process 1 takes seconds to collect what a killed command left behind. */
const COLLECTED_MS_MAX = 5000

exitWithParent()
await main().catch((error: unknown) => {
  const hint = error instanceof PacklineError && error.hint ? `. ${error.hint}` : ''
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${hint}\n`)
  process.exit(1)
})

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = makeLogger(config.logLevel, config.worker)
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
    logger,
  })
  records.onCancel((id) => consumers.stop(id, 'ended'))
  const view = viewOf(config, engine, queueNames, consumers)
  const { scratch, aliveFile } = config
  const closeHouse = keepHouse({ records, consumers, view, scratch, aliveFile, logger })
  logger.info({ queues: queueNames, isolation: engine.isolation.description }, 'ready')
  stopInOrder(config, consumers, logger, async () => {
    closeHouse()
    await records.farewell(config.worker)
  })
}

async function makeEngine(config: Config): Promise<WorkerEngine> {
  await removeLeftovers(config.scratch)
  const store = storeFromUrl(config.storeUrl)
  await store.prepare()
  const [profile, tools, isolation, scratchFolder, registries] = await Promise.all([
    loadProfile(config.profile),
    findTools(config.search),
    findIsolation({
      bwrap: config.bwrap,
      unsandboxed: config.unsandboxed,
      slotsMax: config.toolSlots,
      uidBase: config.uidBase,
    }),
    ownScratch(config.scratch),
    registryAccess(config.registries),
  ])
  return {
    profile,
    tools,
    isolation,
    store,
    toolPlaces: makePlaces(config.toolSlots),
    scratchFolder,
    cacheFolder: config.cache,
    registries,
    allowLocalGit: config.localGit,
    plainHttpHosts: config.plainHttpHosts,
  }
}

function viewOf(
  config: Config,
  engine: WorkerEngine,
  queueNames: readonly string[],
  consumers: Consumers,
): () => WorkerView {
  const startedAt = new Date().toISOString()
  return () => ({
    id: config.worker,
    host: hostname(),
    pid: process.pid,
    startedAt,
    seenAt: new Date().toISOString(),
    queues: [...queueNames],
    lacks: lacksOf(engine.tools, engine.profile),
    buildsMax: config.buildsMax,
    toolSlots: config.toolSlots,
    running: consumers.running().length,
    tools: toolVersions(engine.tools),
    isolation: engine.isolation.description,
  })
}

/** The first signal ends it within `stopMs`, also where Redis is gone; a second one at once. */
function stopInOrder(
  { stopMs }: Config,
  consumers: Consumers,
  logger: Logger,
  farewell: () => Promise<void>,
): void {
  const stop = async (signal: string) => {
    logger.info(`${signal}: takes no more builds`)
    const deadline = performance.now() + stopMs
    const late = setTimeout(() => {
      logger.warn('Redis was not told of every build: another worker begins them again')
      process.exit(1)
    }, stopMs)
    await consumers.close(Math.max(stopMs - HAND_BACK_MS, stopMs / 2))
    await farewell().catch((error: unknown) => logger.warn({ error }, 'left without a word'))
    clearTimeout(late)
    await untilCollected(Math.min(COLLECTED_MS_MAX, deadline - performance.now()))
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
