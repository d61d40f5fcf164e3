import { randomUUID } from 'node:crypto'
import { answer } from './answer.ts'
import type { Context } from './context.ts'

/**
 * Does the work unless another process does it; undefined then. A lock saves double work, it fences
 * nothing: whoever was frozen goes on when it is thawed. `isHeld` asks whether it is still ours. A
 * holder that was killed is missed after `lockMs`; one that lives says so three times as often.
 */
export async function withLock<T>(
  context: Context,
  lock: string,
  lockMs: number,
  work: (isHeld: () => Promise<boolean>) => Promise<T>,
): Promise<T | undefined> {
  const holder = randomUUID()
  const taken = await answer(context.redis.set(lock, holder, 'PX', lockMs, 'NX'))
  if (taken !== 'OK') return undefined
  const keep = async (ms: number) => (await context.run('keep-lock', lock, holder, ms)) === 1
  // What can not be said now is said again; where Redis stays away the work fails by itself.
  const renewing = setInterval(() => keep(lockMs).catch(() => undefined), lockMs / 3)
  try {
    return await work(() => keep(lockMs))
  } finally {
    clearInterval(renewing)
    await keep(0)
  }
}
