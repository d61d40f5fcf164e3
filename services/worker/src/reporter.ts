import type { Reporter } from '@packline/engine'
import type { NewEvent, Records } from '@packline/records'
import { LIMITS, type SourcePin } from '@packline/shared'
import type { Logger } from 'pino'

/** A watcher sees things this late at most; a build that is faster writes everything once. */
const FLUSH_MS = 200
/** After a write that failed: Redis is given a moment. */
const AGAIN_MS = 1000
/** Lines that wait for the next write; a tool that prints faster is written sooner. */
const LINES_MAX = 500

/** Collects what a build says and writes it in few requests; never makes the build wait. */
export interface WorkerReporter extends Reporter {
  /**
   * What has not been written yet, for the last write of the attempt; nothing is taken after it.
   */
  rest(): Promise<{ events: NewEvent[]; log: string[] }>
}

/**
 * One write at a time, so that nothing is reordered; what a write could not deliver goes first into
 * the next one. A write whose answer was lost may so be written twice, but nothing is missing.
 */
export function makeReporter(
  build: { id: string; attempt: number },
  records: Pick<Records, 'note'>,
  logger: Logger,
  /** Called when the records refuse a note: another attempt has begun or the build has ended. */
  onRefused: () => void,
): WorkerReporter {
  const pending: Pending = { events: [], log: [], logBytes: 0 }
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let isAway = false
  let isOver = false

  const write = async (pin?: SourcePin) => {
    clearTimeout(timer)
    timer = undefined
    const note = takeAll(pending)
    try {
      const answer = await records.note(build.id, build.attempt, { ...note, pin })
      if (answer === 'refused') onRefused()
      isAway = false
    } catch (error) {
      pending.events = note.events.concat(pending.events)
      pending.log = note.log.concat(pending.log)
      if (!isAway) logger.warn({ error, build: build.id }, 'events can not be written yet')
      isAway = true
      throw error
    }
  }
  const begin = (pin?: SourcePin) => {
    const own = write(pin)
    const goOn = () => {
      writing = undefined
      if (pending.events.length > 0 || pending.log.length > 0) soon()
    }
    writing = own.then(goOn, goOn)
    return own
  }
  const flush = () => {
    // What failed was said above, and is in the next write.
    if (!writing) begin().catch(() => undefined)
  }
  const soon = () => {
    if (isOver || writing) return
    timer ??= setTimeout(flush, isAway ? AGAIN_MS : FLUSH_MS)
    if (pending.log.length >= LINES_MAX && !isAway) flush()
  }
  return {
    event: (body) => {
      if (isOver) return
      pending.events.push({ ...body, at: new Date().toISOString() })
      soon()
    },
    log: (line) => {
      if (!isOver && addLine(pending, line)) soon()
    },
    pin: async (pin) => {
      while (writing) await writing
      await begin(pin)
    },
    rest: async () => {
      isOver = true
      while (writing) await writing
      clearTimeout(timer)
      return { events: pending.events, log: pending.log }
    },
  }
}

interface Pending {
  events: NewEvent[]
  log: string[]
  /** Of all lines so far, written ones included. */
  logBytes: number
}

function takeAll(pending: Pending): Pick<Pending, 'events' | 'log'> {
  return { events: pending.events.splice(0), log: pending.log.splice(0) }
}

/** The records keep no more of a build's log; so memory is bounded while Redis is away. */
function addLine(pending: Pending, line: string): boolean {
  if (pending.logBytes >= LIMITS.logBytesMax) return false
  pending.logBytes += Buffer.byteLength(line) + 1
  pending.log.push(line)
  return true
}
