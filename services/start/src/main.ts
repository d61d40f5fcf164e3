import { join, resolve } from 'node:path'
import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import { PacklineError } from '@packline/shared'
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
  const stopped = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => stopped.abort(new Error(`stopped by ${name}`)))
  }
  try {
    return await start({
      root: resolve(join(import.meta.dirname, '../../..')),
      once: args.includes('--once'),
      buildMinio: args.includes('--minio'),
      environment: process.env,
      output: process.stdout,
      signal: stopped.signal,
    })
  } catch (error) {
    if (stopped.signal.aborted) return 130
    process.stderr.write(`${inOneLine(error)}\n`)
    return 1
  }
}

function inOneLine(error: unknown): string {
  if (!(error instanceof PacklineError))
    return error instanceof Error ? (error.stack ?? '') : String(error)
  return error.hint ? `${error.message}. ${error.hint}` : error.message
}
