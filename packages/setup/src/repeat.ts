import { setTimeout as wait } from 'node:timers/promises'

/** What it says goes to the service's own log. */
interface RepeatLog {
  info(message: string): void
  warn(details: { error: unknown }, message: string): void
}

/**
 * Does something again and again until the signal aborts: one run after the other, the first at
 * once. A failure is logged when it begins and when it is over, not at every run.
 */
export async function repeat(
  ms: number,
  name: string,
  work: () => Promise<unknown>,
  signal: AbortSignal,
  logger: RepeatLog,
): Promise<void> {
  let isFailing = false
  while (!signal.aborted) {
    try {
      await work()
      if (isFailing) logger.info(`${name} works again`)
      isFailing = false
    } catch (error) {
      if (!isFailing) logger.warn({ error }, `${name} does not work`)
      isFailing = true
    }
    await wait(ms, undefined, { signal, ref: false }).catch(() => undefined)
  }
}
