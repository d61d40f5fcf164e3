import type { JobPayload, Queues, Records } from '@packline/records'
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import {
  type AttemptEnd,
  runBuild,
  Stopped,
  type StopReason,
  type WorkerEngine,
} from './run-build.ts'
import type { Slots } from './slots.ts'

/** A killed worker's builds begin again after lock + check at worst (docs/decisions). */
const LOCK_MS = 8000
const STALLED_CHECK_MS = 3000
/** A build that takes down its worker is begun again this often; the records count the rest. */
const STALLED_MAX = 3
const BACKOFF_MS = 1000

/** What this worker has under way. */
export interface Consumers {
  running(): { id: string; attempt: number }[]
  stop(id: string, reason: StopReason): void
  /** Takes no more, waits for what runs until the deadline, then hands it back. */
  close(deadlineMs: number): Promise<void>
}

export interface ConsumeOptions {
  queueNames: readonly string[]
  buildsMax: number
  worker: string
  connection: Redis
  queues: Queues
  records: Records
  engine: WorkerEngine
  slots: Slots
  logger: Logger
}

interface Running {
  attempt: number
  stop: AbortController
}

/** One BullMQ consumer per queue; together they have at most `buildsMax` builds under way. */
export function consume(options: ConsumeOptions): Consumers {
  const { queueNames, connection, queues, logger } = options
  const running = new Map<string, Running>()
  const stop = (id: string, reason: StopReason) => running.get(id)?.stop.abort(new Stopped(reason))
  const consumers = queueNames.map((name) => {
    const consumer = new Worker<JobPayload>(
      name,
      // Three parameters, or BullMQ makes no signal; ours is made from it.
      (job, token, signal) => work(job, token, signal, running, options),
      {
        connection,
        prefix: queues.prefix,
        concurrency: options.buildsMax,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        maxStalledCount: STALLED_MAX,
        // Records hold what happened; a job's result is nothing to keep.
        removeOnComplete: { age: 3600, count: 1000 },
        removeOnFail: { age: 86_400, count: 5000 },
      },
    )
    consumer.on('error', (error) => logger.warn({ error, queue: name }, 'the queue reports'))
    consumer.on('lockRenewalFailed', (ids) => {
      for (const id of ids) stop(id, 'lock lost')
    })
    return consumer
  })
  return {
    running: () => [...running].map(([id, { attempt }]) => ({ id, attempt })),
    stop,
    close: (deadlineMs) => closeAll(consumers, running, stop, deadlineMs),
  }
}

async function work(
  job: Job<JobPayload>,
  token: string | undefined,
  signal: AbortSignal | undefined,
  running: Map<string, Running>,
  options: ConsumeOptions,
): Promise<void> {
  const { records, worker, engine, logger, slots } = options
  const { id = '' } = job
  const stop = new AbortController()
  signal?.addEventListener('abort', () => stop.abort(new Stopped('ended')), { once: true })
  const end = await slots(stop.signal, async () => {
    const beginning = await records.begin(id, worker)
    if (!beginning.begun) return 'done'
    const { attempt, record } = beginning
    running.set(id, { attempt, stop })
    try {
      const made = job.attemptsMade + 1
      const lastTry = made >= (job.opts.attempts ?? 1)
      const backoffMs = BACKOFF_MS * 2 ** job.attemptsMade
      return await runBuild({ record, attempt, lastTry, backoffMs }, stop, engine, records, logger)
    } finally {
      running.delete(id)
    }
  })
  await tellBullMq(end, job, token)
}

async function tellBullMq(end: AttemptEnd, job: Job, token: string | undefined): Promise<void> {
  if (end === 'done') return
  if (end === 'failed') throw new UnrecoverableError('the build failed; its record says why')
  if (end === 'retry') throw new Error('the build is tried again; its record says why')
  await job.moveToWait(token)
  throw new WaitingError()
}

async function closeAll(
  consumers: readonly Worker[],
  running: ReadonlyMap<string, Running>,
  stop: Consumers['stop'],
  deadlineMs: number,
): Promise<void> {
  const handBack = setTimeout(() => {
    for (const id of running.keys()) stop(id, 'worker stops')
  }, deadlineMs)
  const closing = Promise.all(consumers.map((consumer) => consumer.close()))
  // close() never resolves where Redis is gone: the deadline and a little for handing back.
  await Promise.race([closing, after(deadlineMs + 5000)])
  clearTimeout(handBack)
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
