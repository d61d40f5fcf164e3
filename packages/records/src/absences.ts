import type { WorkerView } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'

/** What a build needs of a worker: that it takes the queue and knows the record's schema. */
export interface Wanted {
  queue: string
  schema: number
}

export interface Absences {
  /** How long nobody has taken what a build of that time wants; undefined where somebody does. */
  waitedMs(wanted: Wanted, since: Date): number | undefined
}

/**
 * Remembers since when no live worker takes a queue: one look for all its builds, also for those
 * that wait in a tenant's list and get their job only when earlier ones have ended for it. `now` is
 * Redis' clock.
 */
export async function noteAbsences(
  context: Context,
  all: readonly Wanted[],
  workers: readonly WorkerView[],
  now: number,
): Promise<Absences> {
  const { redis, keys } = context
  const known = new Map(Object.entries(await answer(redis.hgetall(keys.absent))))
  const back = [...known.keys()].filter((name) => isTaken(parse(name), workers))
  const absent = all.filter((wanted) => !isTaken(wanted, workers)).map(nameOf)
  const gone = [...new Set(absent)].filter((name) => !known.has(name))
  await answer(
    Promise.all([
      ...(back.length > 0 ? [redis.hdel(keys.absent, ...back)] : []),
      ...gone.map((name) => redis.hsetnx(keys.absent, name, now)),
    ]),
  )
  return {
    waitedMs(wanted, since) {
      if (isTaken(wanted, workers)) return undefined
      const from = Number(known.get(nameOf(wanted)) ?? now)
      return now - Math.max(from, since.getTime())
    },
  }
}

function isTaken({ queue, schema }: Wanted, workers: readonly WorkerView[]): boolean {
  return workers.some((worker) => worker.queues.includes(queue) && (worker.schema ?? 1) >= schema)
}

function nameOf({ queue, schema }: Wanted): string {
  return `${schema} ${queue}`
}

function parse(name: string): Wanted {
  const [schema, queue = ''] = name.split(' ')
  return { queue, schema: Number(schema) }
}
