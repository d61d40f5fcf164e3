import { createServer } from 'node:http'
import process from 'node:process'
import { loadProfile } from '@packline/profiles'
import { checkRedis, connectRedis, makeQueues, makeRecords, untilReady } from '@packline/records'
import { exitWithParent } from '@packline/setup'
import { archiveStore, storeFromUrl } from '@packline/stores'
import { pino } from 'pino'
import { makeApp } from './app.ts'
import { keyRing } from './authenticate.ts'
import { readConfig } from './config.ts'
import { tenantWindow } from './window.ts'

const SWEEP_MS = 5000
/** A stop waits this long for answers under way; event streams are cut, their readers resume. */
const STOP_MS = 5000

exitWithParent()
await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = pino({ level: config.logLevel, name: 'api' })
  const profile = await loadProfile(config.profile)
  const redis = connectRedis(config.redisUrl)
  await untilReady(redis)
  await checkRedis(redis)
  const queues = makeQueues({ connection: redis, prefix: config.prefix })
  // A caller hears within 2 s that the store is away.
  const store = storeFromUrl(config.storeUrl, { timeoutMs: 1500, retries: { withinMs: 300 } })
  await store.prepare()
  const records = makeRecords({ redis, queues, prefix: config.prefix, store: archiveStore(store) })
  const surroundings = {
    records,
    store,
    profile,
    scratch: config.scratch,
    logger,
    window: tenantWindow(records),
  }
  const app = makeApp(surroundings, keyRing(config.keys), queues)
  const server = createServer({ requestTimeout: 10 * 60_000 }, app)
  server.listen(config.port, config.host, () => {
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : config.port
    logger.info({ port }, 'ready')
    process.send?.({ ready: `http://${config.host}:${port}` })
  })
  const sweeping = setInterval(() => {
    records.sweep().catch((error: unknown) => logger.warn({ error }, 'the sweep did not work'))
  }, SWEEP_MS)

  const stop = () => {
    clearInterval(sweeping)
    setTimeout(() => process.exit(0), STOP_MS).unref()
    server.close(() => process.exit(0))
    setTimeout(() => server.closeAllConnections(), STOP_MS / 5).unref()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
