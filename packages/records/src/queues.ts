import { LIMITS, PacklineError, SCHEMA_VERSION } from '@packline/shared'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { answerInTime } from './answer.ts'
import { DEFAULT_PREFIX } from './keys.ts'
import { NOTIFY_QUEUE } from './notices/notices.ts'

/** BullMQ takes jobs without a priority first, then those with one: bulk builds have it. */
const BULK_PRIORITY = 10

const ADDED_AT_ONCE = 500

/** What a job carries: never content, the record has that. Its id is that of build or notice. */
export interface JobPayload {
  schema: number
  tenant: string
}

export interface JobToAdd {
  id: string
  queue: string
  tenant: string
  priority: 'interactive' | 'bulk'
}

/** BullMQ's producing side. The worker makes the consumers, with `prefix` and the same names. */
export interface Queues {
  readonly prefix: string
  get(name: string): Queue<JobPayload>
  /** A job that exists is left as it is. */
  add(jobs: JobToAdd[]): Promise<void>
  /** False when a worker holds it. */
  remove(queue: string, id: string): Promise<boolean>
  close(): Promise<void>
}

/** `connection` from connectRedis, kind commands. Queues are made when first asked for. */
export function makeQueues(options: { connection: Redis; prefix?: string }): Queues {
  const prefix = options.prefix ?? DEFAULT_PREFIX
  const queues = new Map<string, Queue<JobPayload>>()
  const get = (name: string) => {
    const queue = queues.get(name) ?? openQueue(name, prefix, options.connection)
    queues.set(name, queue)
    return queue
  }
  return {
    prefix,
    get,
    async add(jobs) {
      const byQueue = Map.groupBy(jobs, (job) => job.queue)
      await answerInTime(Promise.all([...byQueue].map(([name, some]) => addTo(get(name), some))))
    },
    async remove(queue, id) {
      return (await answerInTime(get(queue).remove(id))) === 1
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}

function openQueue(name: string, prefix: string, connection: Redis): Queue<JobPayload> {
  if (name.includes(':')) {
    throw new PacklineError('BUG', `A queue's name has no colon; found "${name}"`)
  }
  const queue = new Queue<JobPayload>(name, {
    connection,
    prefix,
    skipWaitingForReady: true,
    defaultJobOptions: {
      attempts: LIMITS.attemptsMax,
      backoff: { type: 'exponential', delay: 1000 },
      // Kept for the eyes of an operator only; seconds and jobs per queue.
      removeOnComplete: { age: 3600, count: 1000 },
      removeOnFail: { age: 86_400, count: 5000 },
      stackTraceLimit: 10,
    },
  })
  // BullMQ throws where nobody listens; each call that fails tells its caller anyway.
  queue.on('error', () => undefined)
  return queue
}

async function addTo(queue: Queue<JobPayload>, jobs: JobToAdd[]): Promise<void> {
  for (let from = 0; from < jobs.length; from += ADDED_AT_ONCE) {
    await queue.addBulk(jobs.slice(from, from + ADDED_AT_ONCE).map(toJob))
  }
}

function toJob(job: JobToAdd) {
  const isNotice = job.queue === NOTIFY_QUEUE
  return {
    name: isNotice ? 'notice' : 'build',
    data: { schema: SCHEMA_VERSION, tenant: job.tenant },
    opts: {
      jobId: job.id,
      ...(job.priority === 'bulk' && { priority: BULK_PRIORITY }),
      // The same notice may be told again: a job that is kept would be in the way.
      ...(isNotice && { removeOnComplete: true, removeOnFail: true }),
    },
  }
}
