import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { zipAndPut } from './zip-and-put.ts'

/** The bare loop: BullMQ, yazl and one put in one process. Answers functions per second. */
export async function bareLoop(
  redisUrl: string,
  storeUrl: string,
  functions: readonly { function: string; source: unknown }[],
  signal: AbortSignal,
): Promise<number> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const blocking = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue('loop', { connection, prefix: '{bare}' })
  try {
    return await timeLoop(queue, blocking, zipAndPut(storeUrl), functions, signal)
  } finally {
    await queue.obliterate({ force: true })
    await queue.close()
    connection.disconnect()
    blocking.disconnect()
  }
}

async function timeLoop(
  queue: Queue,
  connection: Redis,
  put: ReturnType<typeof zipAndPut>,
  functions: readonly { function: string; source: unknown }[],
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now()
  await queue.addBulk(functions.map((data) => ({ name: 'build', data })))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let left = functions.length
  const worker = new Worker('loop', (job) => put(job.data.function, job.data.source.files), {
    connection,
    prefix: '{bare}',
    concurrency: 50,
    removeOnComplete: { count: 0 },
  })
  worker.on('completed', () => {
    left--
    if (left === 0) resolve()
  })
  worker.on('failed', (_job, error) => reject(error))
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    signal.throwIfAborted()
    await promise
    return functions.length / ((performance.now() - started) / 1000)
  } finally {
    signal.removeEventListener('abort', abort)
    await worker.close(signal.aborted)
  }
}
