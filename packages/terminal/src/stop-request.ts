import { constants } from 'node:os'
import process from 'node:process'

/** One Ctrl-C may arrive more than once: from the terminal, from npm and from the launcher. */
const SAME_SIGNAL_MS = 1000

export interface StopRequest {
  /** Aborts when we are to stop. */
  signal: AbortSignal
  /** What shells give a program that the first signal has ended. */
  exitCode(): number
  /** The same as a signal: whoever read has gone (SIGPIPE). */
  stop(name: NodeJS.Signals): void
}

/** Listens for the signals that end us; a second one does not wait for an end in good order. */
export function stopRequest(): StopRequest {
  const stopped = new AbortController()
  let first: { name: NodeJS.Signals; at: number } | undefined
  const exitCode = () => 128 + constants.signals[first?.name ?? 'SIGINT']
  const stop = (name: NodeJS.Signals) => {
    if (first && performance.now() - first.at > SAME_SIGNAL_MS) process.exit(exitCode())
    first ??= { name, at: performance.now() }
    stopped.abort(new Error(`stopped by ${name}`))
  }
  // They stay: what gives a terminal its cursor back ends the process where nobody else listens.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop(name))
  return { signal: stopped.signal, exitCode, stop }
}
