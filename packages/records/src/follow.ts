import { setTimeout as pause } from 'node:timers/promises'
import { PacklineError } from '@packline/shared'

/** At most this much is kept for a reader that is slow; then it reads from the list again. */
const INBOX_MAX = 256

const PAGE = 200

/** A connection that died without a word is noticed by looking. */
const LOOK_AGAIN_MS = 15_000

/** How long a watcher outlasts Redis: half a minute. */
const RETRY_MS = 500
const FAILURES_MAX = 60

/** A numbered list in Redis and the messages that tell what is appended to it. */
export interface Followed<T extends { seq: number }> {
  /** `ended`: nothing will come after what this call could see. */
  read(after: number, limit: number): Promise<{ items: T[]; ended: boolean }>
  /** Hands over items as they are published, or nothing when they have to be read. */
  listen(hear: (items: T[] | undefined) => void): () => void
  isLast(item: T): boolean
}

/** All items after `after`, each once and in order: what is there, then what comes. */
export async function* follow<T extends { seq: number }>(
  source: Followed<T>,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const inbox = makeInbox<T>(signal)
  const stop = source.listen(inbox.hear)
  let seen = after
  let failures = FAILURES_MAX
  try {
    while (!signal.aborted) {
      const heard = await next(source, inbox, seen).catch(unlessAway)
      if (heard instanceof PacklineError) {
        // A first read that fails is answered; who already watches waits for Redis.
        failures += 1
        if (failures > FAILURES_MAX) throw heard
        inbox.hear(undefined)
        await pause(RETRY_MS, undefined, { signal }).catch(() => undefined)
        continue
      }
      failures = 0
      const { items, ended } = heard
      for (const item of items) {
        seen = item.seq
        yield item
        if (signal.aborted || source.isLast(item)) return
      }
      if (ended) return
    }
  } finally {
    stop()
  }
}

function unlessAway(error: unknown): PacklineError {
  if (error instanceof PacklineError && error.code === 'RECORDS_UNAVAILABLE') return error
  throw error
}

/** From the list where something may have been missed, else what was published meanwhile. */
async function next<T extends { seq: number }>(
  source: Followed<T>,
  inbox: Inbox<T>,
  seen: number,
): Promise<{ items: T[]; ended: boolean }> {
  if (inbox.takeGap()) {
    const { items, ended } = await source.read(seen, PAGE)
    const more = items.length >= PAGE
    if (more) inbox.hear(undefined)
    return { items, ended: ended && !more }
  }
  const items = inbox.take().filter((item) => item.seq > seen)
  if (items.length === 0) await inbox.wait()
  if (items.every((item, place) => item.seq === seen + place + 1)) return { items, ended: false }
  inbox.hear(undefined)
  return { items: [], ended: false }
}

interface Inbox<T> {
  hear(more: T[] | undefined): void
  takeGap(): boolean
  take(): T[]
  wait(): Promise<void>
}

function makeInbox<T>(signal: AbortSignal): Inbox<T> {
  let items: T[] = []
  let gap = true
  let wake: () => void = () => undefined
  return {
    hear(more) {
      if (more === undefined || items.length + more.length > INBOX_MAX) {
        gap = true
        items = []
      } else {
        items.push(...more)
      }
      wake()
    },
    takeGap() {
      const had = gap
      gap = false
      return had
    },
    take() {
      const taken = items
      items = []
      return taken
    },
    /** Returns when something was heard, the signal aborted, or it is time to look. */
    async wait() {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      const timer = setTimeout(() => {
        gap = true
        resolve()
      }, LOOK_AGAIN_MS)
      signal.addEventListener('abort', wake, { once: true })
      await promise
      signal.removeEventListener('abort', wake)
      clearTimeout(timer)
      wake = () => undefined
    },
  }
}
