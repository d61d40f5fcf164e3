import { constants } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import { inOneLine } from './one-line.ts'
import { start } from './start.ts'

const USAGE = `usage: npm start [-- OPTIONS]

  --once    package the examples, print the table and stop: exit code 0 when all is as expected
  --minio   build a MinIO server once (minutes, needs Go) instead of keeping packages in a folder
`
/** One Ctrl-C may arrive more than once: from the terminal, from npm and from the launcher. */
const SAME_SIGNAL_MS = 1000

exitWithParent()
process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const unknown = args.find((arg) => !['--once', '--minio', '--help'].includes(arg))
  if (unknown !== undefined || args.includes('--help')) {
    const known = unknown === undefined
    if (!known) process.stderr.write(`There is no option ${unknown}.\n\n`)
    ;(known ? process.stdout : process.stderr).write(USAGE)
    return known ? 0 : 2
  }
  const { signal, exitCode } = stopRequest()
  try {
    return await start({
      root: resolve(join(import.meta.dirname, '../../..')),
      once: args.includes('--once'),
      buildMinio: args.includes('--minio'),
      environment: process.env,
      output: process.stdout,
      signal,
    })
  } catch (error) {
    if (signal.aborted) return exitCode()
    process.stderr.write(`${inOneLine(error)}\n`)
    return 1
  }
}

/**
 * Aborts when we are to stop; who asks a second time does not wait for an end in good order.
 * `exitCode` is what shells give a program that the first signal has ended.
 */
function stopRequest(): { signal: AbortSignal; exitCode: () => number } {
  const stopped = new AbortController()
  let first: { name: NodeJS.Signals; at: number } | undefined
  const exitCode = () => 128 + constants.signals[first?.name ?? 'SIGINT']
  const stop = (name: NodeJS.Signals) => {
    if (first && performance.now() - first.at > SAME_SIGNAL_MS) process.exit(exitCode())
    first ??= { name, at: performance.now() }
    stopped.abort(new Error(`stopped by ${name}`))
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop(name))
  // Whoever read what we print has gone, as in `npm start | head`.
  process.stdout.on('error', () => stop('SIGPIPE'))
  return { signal: stopped.signal, exitCode }
}
