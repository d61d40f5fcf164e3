import { constants } from 'node:os'
import { resolve } from 'node:path'
import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import { PacklineError } from '@packline/shared'
import { bench } from './bench.ts'
import { type BenchOptions, readOptions, USAGE } from './options.ts'

/** Five pairs of 5,000 take three to five minutes on two cores. */
const BENCH_MS_MAX = 30 * 60_000

exitWithParent()
process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE)
    return 0
  }
  let options: BenchOptions
  try {
    options = readOptions(args)
  } catch (error) {
    if (!(error instanceof PacklineError)) throw error
    process.stderr.write(`${error.message}\n\n${USAGE}`)
    return 2
  }
  const stop = stopSignal()
  try {
    await bench({
      ...options,
      root: resolve(import.meta.dirname, '..'),
      environment: process.env,
      say: (text) => void process.stdout.write(`${text}\n`),
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(BENCH_MS_MAX)]),
    })
    return 0
  } catch (error) {
    if (stop.signal.aborted) return 128 + stop.number()
    process.stderr.write(`${describe(error)}\n`)
    return 1
  }
}

/** Aborts when we are to stop; `number` is that of the signal that came. */
function stopSignal(): { signal: AbortSignal; number: () => number } {
  const stopped = new AbortController()
  let number: number = constants.signals.SIGTERM
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!stopped.signal.aborted) number = constants.signals[name]
      stopped.abort()
    })
  }
  return { signal: stopped.signal, number: () => number }
}

function describe(error: unknown): string {
  if (error instanceof PacklineError) return [error.message, error.hint].filter(Boolean).join(' ')
  const isLate = error instanceof DOMException && error.name === 'TimeoutError'
  if (isLate) return `The bench was not over after ${BENCH_MS_MAX / 60_000} minutes.`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
