/** Gives out a bounded number of places; who waits too long for one leaves by the signal. */
export type Slots = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>

export function makeSlots(max: number): Slots {
  let free = max
  const waiting = new Set<() => void>()

  const enter = (signal: AbortSignal) => {
    signal.throwIfAborted()
    if (free > 0) {
      free--
      return undefined
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const turn = () => {
      signal.removeEventListener('abort', leave)
      resolve()
    }
    const leave = () => {
      waiting.delete(turn)
      reject(signal.reason)
    }
    waiting.add(turn)
    signal.addEventListener('abort', leave, { once: true })
    return promise
  }
  const exit = () => {
    const [next] = waiting
    if (!next) {
      free++
      return
    }
    waiting.delete(next)
    next()
  }
  return async (signal, work) => {
    await enter(signal)
    try {
      return await work()
    } finally {
      exit()
    }
  }
}
