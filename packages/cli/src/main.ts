import { constants } from 'node:os'
import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import { CommanderError } from 'commander'
import { errorText } from './error-text.ts'
import { exitCodeOf } from './exit-code.ts'
import { makeProgram, usageFailure } from './program.ts'

/** As shells say of a program that a signal ended. */
const codeOf = (signal: NodeJS.Signals) => 128 + constants.signals[signal]

exitWithParent()
const stopped = new AbortController()
let stoppedCode = codeOf('SIGINT')
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => {
    stoppedCode = codeOf(name)
    stopped.abort(new Error(`stopped by ${name}`))
  })
}
for (const stream of [process.stdout, process.stderr]) {
  // Whoever read has gone, such as `head`: nobody is left to tell, and it is no mistake.
  stream.on('error', () => process.exit(codeOf('SIGPIPE')))
}
const terminal = {
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stopped.signal,
}
// Before the arguments are read, as they may be what is wrong.
const asksJson = process.argv.includes('--json')
try {
  const setCode = (code: number) => {
    process.exitCode = code
  }
  await makeProgram(terminal, setCode, asksJson).parseAsync(process.argv)
} catch (error) {
  process.exitCode = stopped.signal.aborted ? stoppedCode : exitCodeOf(error)
  // Commander has printed what it throws.
  const isUsage = error instanceof CommanderError
  if (isUsage && asksJson && process.exitCode !== 0) {
    process.stdout.write(`${JSON.stringify({ failure: usageFailure(error) })}\n`)
  }
  if (!isUsage) process.stderr.write(`${stopped.signal.aborted ? 'stopped' : errorText(error)}\n`)
}
