import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { zipAndPut } from './zip-and-put.ts'

/** The bare topology's worker: BullMQ, yazl, one put. */
exitWithParent()
const { BARE_REDIS_URL = '', BARE_STORE_URL = '', BARE_CONCURRENCY = '48' } = process.env
const put = zipAndPut(BARE_STORE_URL)
const connection = new Redis(BARE_REDIS_URL, { maxRetriesPerRequest: null })
const worker = new Worker('bare', (job) => put(job.data.function, job.data.source.files), {
  connection,
  prefix: '{bare}',
  concurrency: Number(BARE_CONCURRENCY),
  removeOnComplete: { count: 1000 },
})
process.once('SIGTERM', async () => {
  await worker.close()
  process.exit(0)
})
