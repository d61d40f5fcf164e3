import type { JobPayload, Queues, Records } from '@packline/records'
import { LIMITS } from '@packline/shared'
import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { makePlaces } from './places.ts'
import { shareConcurrency } from './share-concurrency.ts'
import { Stopped, type StopReason } from './stopped.ts'
import { type TakenJob, workOff } from './work-off.ts'
import type { WorkerEngine } from './worker-engine.ts'

/** A killed worker's builds begin again after lock + check at worst (docs/decisions). */
const LOCK_MS = 8000
const STALLED_CHECK_MS = 3000
/**
 * The records end a build that takes its workers down after LIMITS.startedAttemptsMax attempts;
 * this ends only what stalls again and again without being begun at all.
 */
const STALLED_MAX = 4 * LIMITS.startedAttemptsMax

/** What this worker has under way. */
export interface Consumers {
  /** The newest attempt of each build that has begun. */
  running(): { id: string; attempt: number }[]
  stop(id: string, reason: StopReason): void
  /**
   * Takes no more and gives back what has not begun; what runs may end within `graceMs`, then it is
   * handed back. Never settles while Redis is gone: the caller has a deadline.
   */
  close(graceMs: number): Promise<void>
}

export interface ConsumeOptions {
  queueNames: readonly string[]
  /** Builds under way over all queues. */
  buildsMax: number
  worker: string
  connection: Redis
  queues: Queues
  records: Records
  engine: WorkerEngine
  logger: Logger
}

/** One BullMQ consumer per queue; together they have at most `buildsMax` builds under way. */
export function consume(options: ConsumeOptions): Consumers {
  const { queueNames, buildsMax, logger } = options
  const taken = new Set<TakenJob>()
  const places = makePlaces(buildsMax)
  let isClosing = false
  const stopIf = (which: (job: TakenJob) => boolean, reason: StopReason) => {
    for (const job of taken) if (which(job)) job.stop.abort(new Stopped(reason))
  }
  const consumers = queueNames.map((name) => {
    // Not the third parameter that BullMQ has for a signal: it aborts for none of our reasons.
    const consumer = openConsumer(name, options, async (job, token) => {
      const { id = '' } = job
      const own: TakenJob = { id, stop: new AbortController() }
      if (isClosing) own.stop.abort(new Stopped('worker stops'))
      taken.add(own)
      try {
        await workOff(own, job, token, places, options)
      } finally {
        taken.delete(own)
        sharing.ended(name, id)
      }
    })
    consumer.on('error', (error) => logger.warn({ error, queue: name }, 'the queue reports'))
    consumer.on('lockRenewalFailed', (ids) => {
      stopIf(({ id }) => ids.includes(id), 'lock lost')
    })
    return consumer
  })
  const sharing = shareConcurrency(consumers, buildsMax)
  return {
    running: () => newestOf(taken),
    stop: (id, reason) => stopIf((job) => job.id === id, reason),
    close: async (graceMs) => {
      isClosing = true
      stopIf(({ attempt }) => attempt === undefined, 'worker stops')
      const handBack = setTimeout(() => stopIf(() => true, 'worker stops'), graceMs)
      await Promise.all(consumers.map((consumer) => consumer.close()))
      clearTimeout(handBack)
    },
  }
}

type Processor = NonNullable<ConstructorParameters<typeof Worker<JobPayload>>[1]>

function openConsumer(
  name: string,
  { connection, queues, buildsMax }: ConsumeOptions,
  processor: Processor,
): Worker<JobPayload> {
  return new Worker<JobPayload>(name, processor, {
    connection,
    prefix: queues.prefix,
    concurrency: buildsMax,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: STALLED_MAX,
    // Records hold what happened; a job's result is nothing to keep.
    removeOnComplete: { age: 3600, count: 1000 },
    removeOnFail: { age: 86_400, count: 5000 },
  })
}

/** A worker that was frozen may have taken a build anew while its older attempt still ends. */
function newestOf(taken: ReadonlySet<TakenJob>): { id: string; attempt: number }[] {
  const newest = new Map<string, number>()
  for (const { id, attempt = 0 } of taken) {
    if (attempt > (newest.get(id) ?? 0)) newest.set(id, attempt)
  }
  return [...newest].map(([id, attempt]) => ({ id, attempt }))
}
