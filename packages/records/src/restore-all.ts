import { randomUUID } from 'node:crypto'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { restoreThings } from './lasting/restore-things.ts'
import type { RestoreResult } from './records.ts'
import { restoreBuilds } from './restore-builds.ts'

/** Filling a Redis takes no longer. */
const READING_MS = 24 * 60 * 60_000

/**
 * Brings back all that only the store has: builds first, since they tell which numbers were given,
 * then what else lasts, which says which of them are there. May be repeated and stopped at any
 * time.
 */
export async function restoreAll(context: Context): Promise<RestoreResult> {
  const { store, redis, keys } = context
  if (!store) return { segments: 0, builds: 0, things: 0 }
  const token = randomUUID()
  await answer(redis.set(keys.lastingReading(token), '1', 'PX', READING_MS))
  const found = await restoreBuilds(context, store)
  const things = await restoreThings(context, store)
  await context.run('lasting/known', token)
  return { ...found, things }
}

/** One at a time in this process: whoever asks meanwhile gets the same answer. */
export function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => {
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }
}
