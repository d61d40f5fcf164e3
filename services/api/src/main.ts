import { once } from 'node:events'
import type { Server } from 'node:http'
import process from 'node:process'
import { makeOutbound } from '@packline/outbound'
import { loadProfile } from '@packline/profiles'
import { checkRedis, connectRedis, makeQueues, makeRecords, untilReady } from '@packline/records'
import { endOnFault, errorForLog, exitWithParent, repeat } from '@packline/setup'
import { PacklineError } from '@packline/shared'
import { archiveStore, storeFromUrl } from '@packline/stores'
import { pino } from 'pino'
import { makeApp } from './app.ts'
import { keyRing } from './authenticate.ts'
import { readConfig } from './config.ts'
import { makeServer } from './make-server.ts'
import { tenantWindow } from './tenant-window.ts'
import { removeLeftUploads } from './upload-file.ts'

const SWEEP_MS = 5000
/** A stop waits this long for answers under way; event streams are cut, their readers resume. */
const STOP_MS = 5000

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
    name: 'api',
    serializers: { error: errorForLog },
  })
  endOnFault(logger)
  const profile = await loadProfile(config.profile)
  const redis = connectRedis(config.redisUrl)
  await untilReady(redis)
  await checkRedis(redis)
  const queues = makeQueues({ connection: redis, prefix: config.prefix })
  // A caller hears within 2 s that the store is away.
  const store = storeFromUrl(config.storeUrl, { timeoutMs: 1500, retries: { withinMs: 300 } })
  await store.prepare()
  const records = makeRecords({
    redis,
    queues,
    prefix: config.prefix,
    store: archiveStore(store),
    secretKey: config.secretKey,
  })
  if (process.argv[2] === 'restore') {
    const { segments, builds, things } = await records.restore()
    process.stdout.write(`${builds} builds restored from ${segments} segments of the archive\n`)
    const what = 'functions, dependency packages, and hooks, keys and credentials of tenants'
    process.stdout.write(`${things} ${what} restored\n`)
    process.exit(0)
  }
  await removeLeftUploads(config.scratch)
  const stopping = new AbortController()
  const surroundings = {
    records,
    store,
    profile,
    objectStores: config.objectStores,
    operatorKey: config.operatorKey,
    limits: config.limits,
    corsOrigins: config.corsOrigins,
    scratch: config.scratch,
    logger,
    checkAddress: makeOutbound({ allow: config.outboundAllow }).check,
    window: tenantWindow(records),
    stopping: stopping.signal,
  }
  const app = makeApp(surroundings, keyRing(config.keys, records.apiKeys), queues)
  const server = makeServer(app)
  const port = await listen(server, config)
  logger.info({ port }, 'ready')
  repeat(SWEEP_MS, 'the sweep', () => records.sweep(), stopping.signal, logger)

  const stop = () => {
    setTimeout(() => process.exit(0), STOP_MS).unref()
    server.close(() => process.exit(0))
    stopping.abort()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

/** The port that was taken: 0 in the configuration lets the system choose. */
async function listen(server: Server, { host, port }: { host: string; port: number }) {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new PacklineError('INVALID_REQUEST', `The API can not listen: ${reason}`, {
      hint: 'Look at PACKLINE_HOST and PACKLINE_PORT; another program may have the port.',
      cause,
    })
  }
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}
