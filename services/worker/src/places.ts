/** A bounded number of places; who is urgent gets the next one before all others who wait. */
export interface Places {
  /** Waits for a place and answers how to leave it; throws the signal's reason when it aborts. */
  enter(signal: AbortSignal, isUrgent: boolean): Promise<() => void>
}

export function makePlaces(max: number): Places {
  let free = max
  const urgent = new Set<() => void>()
  const usual = new Set<() => void>()

  const leave = () => {
    const [next] = [...first(urgent), ...first(usual)]
    if (next) next()
    else free++
  }
  return {
    enter: async (signal, isUrgent) => {
      signal.throwIfAborted()
      if (free > 0) free--
      else await waitIn(isUrgent ? urgent : usual, signal)
      return once(leave)
    },
  }
}

function waitIn(line: Set<() => void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const end = () => {
    line.delete(turn)
    signal.removeEventListener('abort', giveUp)
  }
  const turn = () => {
    end()
    resolve()
  }
  const giveUp = () => {
    end()
    reject(signal.reason)
  }
  line.add(turn)
  signal.addEventListener('abort', giveUp, { once: true })
  return promise
}

function first(line: ReadonlySet<() => void>): (() => void)[] {
  const [one] = line
  return one ? [one] : []
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}
