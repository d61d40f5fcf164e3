import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import { CommanderError } from 'commander'
import { errorText } from './error-text.ts'
import { exitCodeOf } from './exit-code.ts'
import { makeProgram } from './program.ts'

/** As shells say of a program that Ctrl-C ended. */
const STOPPED = 130

exitWithParent()
const stopped = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => stopped.abort(new Error(`stopped by ${name}`)))
}
for (const stream of [process.stdout, process.stderr]) {
  // Whoever read has gone, such as `head`: nobody is left to tell, and it is no mistake.
  stream.on('error', () => process.exit(STOPPED))
}
const terminal = {
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stopped.signal,
}
try {
  const setCode = (code: number) => {
    process.exitCode = code
  }
  await makeProgram(terminal, setCode).parseAsync(process.argv)
} catch (error) {
  process.exitCode = stopped.signal.aborted ? STOPPED : exitCodeOf(error)
  // Commander has printed what it throws.
  const isSaid = error instanceof CommanderError
  if (!isSaid) process.stderr.write(`${stopped.signal.aborted ? 'stopped' : errorText(error)}\n`)
}
