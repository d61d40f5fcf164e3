import { PacklineError } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'

/** What could not be written is tried again after this; the others do not wait for it. */
const AGAIN_MS = 60 * 60_000

/** Members of a sorted set whose time has come. */
export async function dueMembers(context: Context, key: string, most: number): Promise<string[]> {
  const ms = await timeOf(context.redis)
  return answer(context.redis.zrange(key, '-inf', `${ms}`, 'BYSCORE', 'LIMIT', 0, most))
}

/** Redis or the store being away meets all of them and ends the call; all else is the member's. */
export async function putOff(
  { redis }: Context,
  key: string,
  member: string,
  error: unknown,
): Promise<void> {
  const isAway = error instanceof PacklineError || error instanceof DOMException
  if (isAway) throw error
  const later = (await timeOf(redis)) + AGAIN_MS
  await answer(redis.zadd(key, 'XX', later, member))
}

/** Milliseconds of Redis' own clock, which the scores are made with. */
async function timeOf(redis: Context['redis']): Promise<number> {
  const [seconds = 0, micros = 0] = (await answer(redis.time())).map(Number)
  return seconds * 1000 + Math.floor(micros / 1000)
}
