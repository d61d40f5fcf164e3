import { join, resolve } from 'node:path'
import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import { stopRequest } from '@packline/terminal'
import { inOneLine } from './one-line.ts'
import { start } from './start.ts'

const USAGE = `usage: npm start [-- OPTIONS]

  --once    package the examples, print the table and stop: exit code 0 when all is as expected
  --minio   build a MinIO server once (minutes, needs Go) instead of keeping packages in a folder
`

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
  const { signal, exitCode, stop } = stopRequest()
  // Whoever read what we print has gone, as in `npm start | head`.
  process.stdout.on('error', () => stop('SIGPIPE'))
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
