import type { Redis } from 'ioredis'

/** Redis with something done before each command. */
export function spied(redis: Redis, before: (command: string) => Promise<void>): Redis {
  const passed = new Set(['defineCommand', 'duplicate', 'on', 'once', 'off'])
  return new Proxy(redis, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function' || passed.has(String(name))) return value
      return async (...given: unknown[]) => {
        await before(String(name))
        return Reflect.apply(value, target, given)
      }
    },
  })
}
