import { randomUUID } from 'node:crypto'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'

/** A process that was killed lets its requests go after this; one that lives renews them. */
const COUNTED_MS = 30_000

/** What one key may ask for, all API processes together. */
export interface RequestLimits {
  perMinute: number
  /** Streams and downloads too, until they end. */
  atOnce: number
}

/** Let in, with how to let go, or not: `rate` or `open` is over its limit. */
export type Admission =
  | { letGo: () => void }
  | { refused: 'rate' | 'open'; retryAfterSeconds: number }

export interface Admitting {
  /** `key` is the id of a key. One round trip. */
  admit(key: string, limits: RequestLimits): Promise<Admission>
  close(): void
}

export function makeAdmitting(context: Context): Admitting {
  const { run, redis, keys } = context
  /** Requests that are open in this process: the key of each. */
  const open = new Map<string, string>()
  let renewing: NodeJS.Timeout | undefined
  const renew = () => {
    for (const [key, requests] of Map.groupBy(open, ([, key]) => key)) {
      const ids = requests.map(([id]) => id)
      // Where Redis is away they may be counted no more, which lets more in for a while.
      run('requests/renew', key, COUNTED_MS, ...ids).catch(() => undefined)
    }
  }
  return {
    admit: async (key, { perMinute, atOnce }) => {
      renewing ??= setInterval(renew, COUNTED_MS / 3).unref()
      const id = randomUUID()
      const said = await run('requests/admit', key, id, perMinute, atOnce, COUNTED_MS)
      const [refused, seconds = 1] = said as ['rate' | 'open', number] | []
      if (refused !== undefined) return { refused, retryAfterSeconds: seconds }
      open.set(id, key)
      return {
        letGo: () => {
          if (!open.delete(id)) return
          // It counts no more after a while, in any case.
          answer(redis.zrem(keys.openRequests(key), id)).catch(() => undefined)
        },
      }
    },
    close: () => clearInterval(renewing),
  }
}
