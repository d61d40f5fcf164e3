import type { Reporter } from '@packline/engine'
import type { NewEvent, Records } from '@packline/records'
import type { SourcePin } from '@packline/shared'
import type { Logger } from 'pino'

/** A watcher sees things this late at most; a build that is faster writes everything once. */
const FLUSH_MS = 200
/** Lines that wait for the next write; a tool that prints faster is written sooner. */
const LINES_MAX = 500

/** Collects what a build says and writes it in few requests; never makes the build wait. */
export interface WorkerReporter extends Reporter {
  /** What has not been written yet, for the last write of the attempt. */
  rest(): Promise<{ events: NewEvent[]; log: string[] }>
}

export function makeReporter(
  build: { id: string; attempt: number },
  records: Pick<Records, 'note'>,
  logger: Logger,
  /** Called when the records refuse a note: another attempt has begun or the build has ended. */
  onRefused: () => void,
): WorkerReporter {
  let events: NewEvent[] = []
  let log: string[] = []
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  const take = () => {
    clearTimeout(timer)
    timer = undefined
    const note = { events, log }
    events = []
    log = []
    return note
  }
  const write = async (pin?: SourcePin) => {
    const note = take()
    if (note.events.length === 0 && note.log.length === 0 && !pin) return
    const answer = await records.note(build.id, build.attempt, { ...note, pin })
    if (answer === 'refused') onRefused()
  }
  const flush = () => {
    writing = writing
      .then(() => write())
      .catch((error: unknown) => {
        // The build goes on: its package counts, a line of its log does not.
        logger.warn({ error, build: build.id }, 'events or lines could not be written')
      })
  }
  const soon = () => {
    timer ??= setTimeout(flush, FLUSH_MS)
    if (log.length >= LINES_MAX) flush()
  }
  return {
    event: (body) => {
      events.push({ ...body, at: new Date().toISOString() })
      soon()
    },
    log: (line) => {
      log.push(line)
      soon()
    },
    pin: async (pin) => {
      await writing
      await write(pin)
    },
    rest: async () => {
      clearTimeout(timer)
      await writing
      return take()
    },
  }
}
