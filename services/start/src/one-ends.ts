import { PacklineError } from '@packline/shared'

/** A process that the line can not do without. */
export interface Needed {
  /** For people, as a sentence begins. */
  name: string
  logFile?: string
  /** Absent: it was given, not started by us. */
  exited?: Promise<unknown>
}

/**
 * Does the work as long as all processes run; throws when one ends by itself, so that nobody waits
 * for what will not come.
 */
export async function whileAllRun<T>(
  processes: readonly Needed[],
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const broken = new AbortController()
  let isOver = false
  for (const needed of processes) {
    // Once the work is over they are stopped, and end as they should.
    needed.exited?.then((code) => isOver || broken.abort(endedByItself(needed, code)))
  }
  try {
    return await work(AbortSignal.any([signal, broken.signal]))
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw broken.signal.aborted ? broken.signal.reason : error
  } finally {
    isOver = true
  }
}

function endedByItself({ name, logFile }: Needed, code: unknown): PacklineError {
  const how = typeof code === 'number' ? `exit code ${code}` : 'by a signal'
  return new PacklineError('BUG', `${name} ended by itself (${how})`, {
    hint: logFile === undefined ? 'Start again.' : `${logFile} says more.`,
  })
}
