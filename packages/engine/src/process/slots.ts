import { handOver } from './hand-over.ts'
import type { Slot } from './isolation.ts'

export interface SlotOptions {
  /** First user id; undefined: commands run as the worker's own user. */
  uidBase?: number
  slotsMax: number
}

/**
 * Slots of builds. The lowest free one is given out first, so that few user ids (and the caches
 * that belong to them) serve a worker that seldom builds many at once.
 */
export function makeSlots({ uidBase, slotsMax }: SlotOptions) {
  const free = Array.from({ length: slotsMax }, (_, index) => index)
  const waiting: ((index: number) => void)[] = []

  const giveBack = (index: number) => {
    const next = waiting.shift()
    if (next) return next(index)
    free.push(index)
    free.sort((a, b) => a - b)
  }
  return async (signal: AbortSignal): Promise<Slot> => {
    signal.throwIfAborted()
    const index = free.shift() ?? (await waitForSlot(waiting, signal))
    return makeSlot(uidBase === undefined ? undefined : uidBase + index, () => giveBack(index))
  }
}

function waitForSlot(waiting: ((index: number) => void)[], signal: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const leave = () => {
    waiting.splice(waiting.indexOf(take), 1)
    reject(signal.reason)
  }
  const take = (index: number) => {
    signal.removeEventListener('abort', leave)
    resolve(index)
  }
  signal.addEventListener('abort', leave, { once: true })
  waiting.push(take)
  return promise
}

function makeSlot(uid: number | undefined, giveBack: () => void): Slot {
  let held = true
  return {
    uid,
    prepareFolder: async (folder) => {
      if (uid !== undefined) await handOver(folder, uid)
    },
    release: () => {
      if (held) giveBack()
      held = false
    },
  }
}
