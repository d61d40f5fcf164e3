import { type JobPayload, NOTIFY_QUEUE } from '@packline/records'
import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { Stopped } from '../stopped.ts'
import { makePlacesByHost } from './places-by-host.ts'
import { type Telling, workOffNotice } from './work-off-notice.ts'

/** Notices under way at once: they wait for others, and cost little. */
const NOTICES_MAX = 32

/** As with builds: what a killed worker was telling is told by another one soon. */
const LOCK_MS = 8000
const STALLED_CHECK_MS = 3000

export interface NoticeConsumer {
  /** Takes no more; what is under way after `graceMs` is left to another worker. */
  close(graceMs: number): Promise<void>
}

export interface ConsumeNoticesOptions extends Omit<Telling, 'enterHost' | 'signal'> {
  connection: Redis
  prefix: string
}

/** Every worker has one, whatever tool chains it has. */
export function consumeNotices(options: ConsumeNoticesOptions): NoticeConsumer {
  const { connection, prefix, logger } = options
  const stop = new AbortController()
  const telling: Telling = { ...options, signal: stop.signal, enterHost: makePlacesByHost() }
  const consumer = new Worker<JobPayload>(
    NOTIFY_QUEUE,
    (job, token) => workOffNotice(job, token, telling),
    {
      connection,
      prefix,
      concurrency: NOTICES_MAX,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      // The notice counts its own attempts.
      maxStalledCount: 1_000_000,
    },
  )
  consumer.on('error', (error) => logger.warn({ error, queue: NOTIFY_QUEUE }, 'the queue reports'))
  return {
    close: async (graceMs) => {
      const cut = setTimeout(() => stop.abort(new Stopped('worker stops')), graceMs)
      await consumer.close()
      clearTimeout(cut)
    },
  }
}
