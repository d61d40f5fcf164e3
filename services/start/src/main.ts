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
  const signal = stopSignal()
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
    if (signal.aborted) return 130
    process.stderr.write(`${inOneLine(error)}\n`)
    return 1
  }
}

/** Aborts when we are to stop; who asks a second time does not wait for an end in good order. */
function stopSignal(): AbortSignal {
  const stopped = new AbortController()
  let firstAt = Number.POSITIVE_INFINITY
  const stop = (reason: string) => {
    if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(130)
    firstAt = Math.min(firstAt, performance.now())
    stopped.abort(new Error(`stopped by ${reason}`))
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop(name))
  // Whoever read what we print has gone, as in `npm start | head`.
  process.stdout.on('error', () => stop('a closed output'))
  return stopped.signal
}
