import type { Worker } from 'bullmq'

/** A consumer whose loop sleeps is woken so late at most. */
const WAKE_MS = 250

export interface Sharing {
  /** A job of this consumer has ended, however; also where BullMQ could not be told. */
  ended(queue: string, id: string): void
}

/**
 * Holds several consumers to one number of jobs between them: each may take what it has and what
 * is free. So a queue's jobs wait in Redis, where any worker takes them by their priority, and not
 * in a worker that has no place for them. An idle consumer always asks: one job per queue may wait.
 */
export function shareConcurrency(consumers: readonly Worker[], jobsMax: number): Sharing {
  const shares = new Map(
    consumers.map((consumer) => [consumer.name, { consumer, jobs: new Set<string>() }]),
  )
  let timer: NodeJS.Timeout | undefined

  const share = () => {
    const all = [...shares.values()].reduce((sum, { jobs }) => sum + jobs.size, 0)
    for (const { consumer, jobs } of shares.values()) {
      const wasFull = consumer.concurrency <= jobs.size
      consumer.concurrency = Math.max(1, jobs.size + jobsMax - all)
      const isFull = consumer.concurrency <= jobs.size
      if (wasFull && !isFull && !timer) timer = setTimeout(wake, WAKE_MS).unref()
    }
  }
  const wake = () => {
    timer = undefined
    for (const { consumer, jobs } of shares.values()) {
      if (jobs.size > 0 && consumer.concurrency > jobs.size) wakeUp(consumer)
    }
  }
  const ended = (queue: string, id: string) => {
    if (shares.get(queue)?.jobs.delete(id)) share()
  }
  for (const { consumer, jobs } of shares.values()) {
    consumer.on('active', ({ id = '' }) => {
      jobs.add(id)
      share()
    })
    // A job that stalled too often fails without its processor being called.
    consumer.on('failed', (job) => ended(consumer.name, job?.id ?? ''))
  }
  return { ended }
}

/** A consumer that is full asks again only when one of its own jobs ends, unless it is resumed. */
function wakeUp(consumer: Worker): void {
  if (consumer.closing) return
  // Both take effect at once; between them nothing else runs.
  consumer.pause(true).catch(() => undefined)
  consumer.resume().catch(() => undefined)
}
