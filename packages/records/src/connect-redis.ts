import { PacklineError } from '@packline/shared'
import { Redis, type RedisOptions } from 'ioredis'

/** Half of what a caller waits, so that a call of two commands still answers within 2 s. */
export const COMMAND_TIMEOUT_MS = 1500

const RECONNECT_MS_MAX = 1000

/**
 * A connection for commands: fails fast while Redis is away and comes back by itself. For BullMQ's
 * workers say `blocking`: their commands wait for Redis instead, as BullMQ demands.
 */
export function connectRedis(url: string, kind: 'commands' | 'blocking' = 'commands'): Redis {
  const redis = new Redis(url, { ...shared, ...(kind === 'commands' ? failFast : waiting) })
  // ioredis throws where nobody listens; each command that fails tells its caller anyway.
  redis.on('error', () => undefined)
  gatherWrites(redis)
  return redis
}

const shared: RedisOptions = {
  connectTimeout: COMMAND_TIMEOUT_MS,
  keepAlive: 10_000,
  retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), RECONNECT_MS_MAX),
  // After a failover the old primary answers READONLY until the connection is made anew.
  reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
}

const failFast: RedisOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
}

const waiting: RedisOptions = { enableOfflineQueue: true, maxRetriesPerRequest: null }

/**
 * Sends at once what one turn of the event loop asks for: builds go on side by side, and a write to
 * the socket costs more than most commands.
 */
function gatherWrites(redis: Redis): void {
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (...sent) => {
    const { stream, status } = redis
    if (status === 'ready' && stream.writableCorked === 0) {
      stream.cork()
      setImmediate(() => stream.uncork())
    }
    return send(...sent)
  }
}

/** Waits for the first connection; throws RECORDS_UNAVAILABLE with the last reason after `ms`. */
export async function untilReady(redis: Redis, ms = 10_000): Promise<void> {
  if (redis.status === 'ready') return
  let last: unknown
  const remember = (error: unknown) => {
    last = error
  }
  redis.on('error', remember)
  // Not `once` of the emitter: it gives up at the first connection that is refused.
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const late = setTimeout(() => reject(last), ms)
  redis.once('ready', resolve)
  try {
    await promise
  } catch (cause) {
    const reason = last instanceof Error ? last.message : 'no reason given'
    throw new PacklineError(
      'RECORDS_UNAVAILABLE',
      `Redis did not answer within ${ms / 1000} s: ${reason}`,
      { hint: 'Look at PACKLINE_REDIS_URL, and whether Redis runs there.', cause },
    )
  } finally {
    clearTimeout(late)
    redis.off('ready', resolve)
    redis.off('error', remember)
  }
}
