import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import { exitCodeOf, explain } from './failure-text.ts'
import { makeProgram } from './program.ts'

exitWithParent()
const stopped = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => stopped.abort(new Error(`stopped by ${name}`)))
}
const terminal = {
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stopped.signal,
}
try {
  process.exitCode = 0
  await makeProgram(terminal, (code) => {
    process.exitCode = code
  }).parseAsync(process.argv)
} catch (error) {
  process.exitCode = stopped.signal.aborted ? 130 : exitCodeOf(error)
  const text = stopped.signal.aborted ? 'stopped' : explain(error)
  if (text !== '') process.stderr.write(`${text}\n`)
}
