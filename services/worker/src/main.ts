import { hostname } from 'node:os'
import process from 'node:process'
import {
  deploymentBucket,
  findIsolation,
  findTools,
  httpsProxy,
  lacksOf,
  queuesOf,
  readAuthorities,
  registryAccess,
  untilCollected,
} from '@packline/engine'
import { makeOutbound, type Outbound } from '@packline/outbound'
import { loadProfile } from '@packline/profiles'
import { checkRedis, connectRedis, makeQueues, makeRecords, untilReady } from '@packline/records'
import { endOnFault, exitWithParent } from '@packline/setup'
import { EXPAND_QUEUE, PacklineError, type WorkerView } from '@packline/shared'
import { archiveStore, storeFromUrl } from '@packline/stores'
import type { Logger } from 'pino'
import { type Config, readConfig } from './config.ts'
import { type Consumers, consume } from './consume.ts'
import { keepHouse } from './housekeeping.ts'
import { makeLogger } from './make-logger.ts'
import { consumeNotices } from './notify/consume-notices.ts'
import { makePlaces } from './places.ts'
import { withRefusals } from './refuse-unfenced.ts'
import { ownScratch, removeLeftovers } from './scratch.ts'
import { startWarnings } from './start-warnings.ts'
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
  endOnFault(logger)
  const redis = connectRedis(config.redisUrl)
  await untilReady(redis)
  await checkRedis(redis)
  const queues = makeQueues({ connection: redis, prefix: config.prefix })
  const engine = await makeEngine(config)
  for (const warning of startWarnings(engine.isolation, config)) logger.warn(warning)
  const store = archiveStore(engine.store)
  const records = makeRecords({
    redis,
    queues,
    prefix: config.prefix,
    store,
    secretKey: config.secretKey,
  })
  // Repositories are read by git.
  const expands = engine.tools.git ? [EXPAND_QUEUE] : []
  const queueNames = [...queuesOf(engine.tools, engine.profile), ...expands]
  const connection = connectRedis(config.redisUrl, 'blocking')
  const consumers = consume({
    queueNames,
    buildsMax: config.buildsMax,
    worker: config.worker,
    connection,
    queues,
    records,
    engine,
    logger,
  })
  const notices = consumeNotices({
    records,
    accessOf: records.hooks.accessOf,
    outbound: engine.outbound,
    buildUrl: config.buildUrl,
    connection,
    prefix: config.prefix,
    logger,
  })
  records.onCancel((id) => consumers.stop(id, 'ended'))
  const view = viewOf(config, engine, queueNames, consumers)
  const { scratch, aliveFile } = config
  const closeHouse = keepHouse({ records, consumers, view, scratch, aliveFile, logger })
  logger.info({ queues: queueNames, isolation: engine.isolation.description }, 'ready')
  const close = (graceMs: number) => Promise.all([consumers.close(graceMs), notices.close(graceMs)])
  stopInOrder(config, close, logger, async () => {
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
      limits: config.limits,
    }),
    ownScratch(config.scratch),
    registryAccess(config.registries, config.registryHosts),
  ])
  const unsandboxed = config.unsandboxed ? 'everybody' : { tenant: config.unsandboxedTenant }
  return {
    profile,
    tools,
    isolation: withRefusals(isolation, unsandboxed),
    unsandboxed,
    store,
    toolPlaces: makePlaces(config.toolSlots),
    scratchFolder,
    cacheFolder: config.cache,
    mirrorsBytesMax: config.mirrorsBytesMax,
    registries,
    allowLocalGit: config.localGit,
    outbound: await outboundOf(config),
    objectStores: config.objectStores,
    deploymentBucket: deploymentBucket(profile, config.objectStores),
    plainHttpHosts: config.plainHttpHosts,
  }
}

/** Own authorities and the proxy hold for it as for the tools. */
async function outboundOf({ outboundAllow, registries }: Config): Promise<Outbound> {
  const ca = registries.ca ? await readAuthorities(registries.ca) : []
  const proxyFor = httpsProxy(registries)
  return makeOutbound({ allow: outboundAllow, ca: ca.map(String), proxyFor })
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
  close: (graceMs: number) => Promise<unknown>,
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
    await close(Math.max(stopMs - HAND_BACK_MS, stopMs / 2))
    await farewell().catch((error: unknown) => logger.warn({ error }, 'left without a word'))
    clearTimeout(late)
    await untilCollected(Math.min(COLLECTED_MS_MAX, deadline - performance.now()))
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
