import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import type { ApiKeys } from './api-keys.ts'

/** The longest that a timer of Node.js takes. */
const TIMER_MS_MAX = 2 ** 31 - 1

interface Held {
  ends: Set<() => void>
  expiring: NodeJS.Timeout | undefined
}

/** What one process does in the name of keys, such as streams: each ends with its key. */
export function makeKeyHolder(context: Context): ApiKeys['hold'] {
  const held = new Map<string, Held>()
  let isListening = false
  const endAll = (id: string) => {
    const { ends, expiring } = held.get(id) ?? { ends: [], expiring: undefined }
    clearTimeout(expiring)
    held.delete(id)
    for (const end of ends) end()
  }
  const listen = () => {
    isListening = true
    context.subscriber.listen(context.keys.revokedKeys, '*', (id) => {
      if (id !== undefined) endAll(id)
      // Where Redis is away again, the next connection asks again.
      else void findGone(context, [...held.keys()]).then((gone) => gone.forEach(endAll), ignore)
    })
  }
  return ({ id, expiresAt }, end) => {
    if (!isListening) listen()
    const known = held.get(id)
    const all = known ?? { ends: new Set(), expiring: undefined }
    if (!known) {
      held.set(id, all)
      if (expiresAt !== undefined) whenOver(all, Date.parse(expiresAt), () => endAll(id))
    }
    // A function of its own: the same `end` may be given twice.
    const once = () => end()
    all.ends.add(once)
    return () => {
      all.ends.delete(once)
      if (all.ends.size > 0 || held.get(id) !== all) return
      clearTimeout(all.expiring)
      held.delete(id)
    }
  }
}

function whenOver(held: Held, at: number, end: () => void): void {
  const left = at - Date.now()
  const next = left > TIMER_MS_MAX ? () => whenOver(held, at, end) : end
  held.expiring = setTimeout(next, Math.min(Math.max(left, 0), TIMER_MS_MAX)).unref()
}

/** Those that were revoked while nobody could tell. */
async function findGone({ redis, keys }: Context, ids: string[]): Promise<string[]> {
  const there = await answer(Promise.all(ids.map((id) => redis.exists(keys.apiKey(id)))))
  return ids.filter((_, place) => there[place] === 0)
}

function ignore(): void {
  // Said where it is used.
}
