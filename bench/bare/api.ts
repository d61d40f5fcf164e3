import { randomUUID } from 'node:crypto'
import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import { Queue, QueueEvents } from 'bullmq'
import express, { type Response } from 'express'
import { Redis } from 'ioredis'

/** The bare topology's API: HTTP in, BullMQ, server-sent events out. Nothing of ours. */
exitWithParent()
const { BARE_REDIS_URL = '', BARE_PORT = '0' } = process.env
const options = { maxRetriesPerRequest: null }
const queue = new Queue('bare', {
  connection: new Redis(BARE_REDIS_URL, options),
  prefix: '{bare}',
})
const events = new QueueEvents('bare', {
  connection: new Redis(BARE_REDIS_URL, options),
  prefix: '{bare}',
})
const batches = new Map<string, { left: number; seen: string[]; watchers: Set<Response> }>()

events.on('completed', ({ jobId }) => tell(jobId, 'succeeded'))
// One is enough for who watches to give up: the counts need not tell them apart.
events.on('failed', ({ jobId }) => tell(jobId, 'failed'))

function tell(jobId: string, state: 'succeeded' | 'failed'): void {
  const [id = ''] = jobId.split('_')
  const batch = batches.get(id)
  if (!batch) return
  batch.left--
  const seq = batch.seen.length + 1
  const counts = { queued: batch.left, running: 0, succeeded: seq, failed: 0, cancelled: 0 }
  const change = { seq, build: jobId, state, counts: { ...counts, total: seq + batch.left } }
  const body = JSON.stringify(change)
  const text = `id: ${seq}\nevent: build\ndata: ${body}\n\n`
  batch.seen.push(text)
  for (const watcher of batch.watchers) {
    watcher.write(text)
    if (batch.left === 0) watcher.end()
  }
}

const app = express()
app.use(express.json({ limit: '64mb' }))
app.get('/healthz', (_request, response) => {
  response.json({ status: 'ok' })
})
app.post('/v1/batches', async (request, response) => {
  const id = `b${randomUUID().replaceAll('-', '')}`
  const jobs = (request.body.builds as unknown[]).map((data, index) => ({
    name: 'build',
    data,
    opts: { jobId: `${id}_${index}` },
  }))
  batches.set(id, { left: jobs.length, seen: [], watchers: new Set() })
  await queue.addBulk(jobs)
  response.status(202).json({ id, builds: jobs.map((job) => job.opts.jobId) })
})
app.get('/v1/batches/:id/events', (request, response) => {
  const batch = batches.get(request.params.id)
  if (!batch) {
    response.status(404).end()
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const text of batch.seen) response.write(text)
  if (batch.left === 0) response.end()
  else batch.watchers.add(response)
})
app.listen(Number(BARE_PORT), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
