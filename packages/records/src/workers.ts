import { type BuildState, isTerminal, SCHEMA_VERSION, type WorkerView } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { isExpansion } from './new-id.ts'

/** A worker that said nothing for so long counts as gone; it should beat three times as often. */
export const WORKER_TTL_MS = 15_000

const WINDOW_MIN = 100

/** Bulk builds that a tenant may have in BullMQ: four times what the farm works on at once. */
export function windowOf(workers: readonly WorkerView[]): number {
  const slots = workers.reduce((sum, worker) => sum + worker.buildsMax, 0)
  return Math.max(WINDOW_MIN, 4 * slots)
}

export async function beatWorker(
  context: Context,
  worker: WorkerView,
  running: { id: string; attempt: number }[],
): Promise<{ stop: string[] }> {
  const { redis, keys } = context
  const recordOf = (id: string) => (isExpansion(id) ? keys.expansion(id) : keys.build(id))
  const said = JSON.stringify({ ...worker, schema: SCHEMA_VERSION })
  const [, , ...rows] = await answer(
    Promise.all([
      redis.set(keys.worker(worker.id), said, 'PX', WORKER_TTL_MS),
      redis.zadd(keys.workers, Date.now(), worker.id),
      ...running.map(({ id }) => redis.hmget(recordOf(id), 'state', 'attempt')),
    ]),
  )
  const stop = running.filter(({ attempt }, place) => {
    const [state, newest] = rows[place] ?? []
    return !state || isTerminal(state as BuildState) || Number(newest) !== attempt
  })
  return { stop: stop.map(({ id }) => id) }
}

export async function removeWorker(context: Context, id: string): Promise<void> {
  const { redis, keys } = context
  await answer(Promise.all([redis.del(keys.worker(id)), redis.zrem(keys.workers, id)]))
}

/** Forgets those whose key has expired. */
export async function listWorkers(context: Context): Promise<WorkerView[]> {
  const { redis, keys } = context
  const ids = await answer(redis.zrange(keys.workers, 0, '-1'))
  if (ids.length === 0) return []
  const texts = await answer(redis.mget(ids.map(keys.worker)))
  const gone = ids.filter((_, place) => !texts[place])
  if (gone.length > 0) await answer(redis.zrem(keys.workers, ...gone))
  return texts.flatMap((text) => (text ? [JSON.parse(text) as WorkerView] : []))
}
