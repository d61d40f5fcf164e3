import { constants } from 'node:os'
import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import type { Language } from '@packline/shared'
import { stopRequest } from '@packline/terminal'
import { CommanderError } from 'commander'
import { errorText } from './error-text.ts'
import { exitCodeOf } from './exit-code.ts'
import { languageOf } from './language-of.ts'
import { makeProgram, usageFailure } from './program.ts'

exitWithParent()
const { signal, exitCode } = stopRequest()
for (const stream of [process.stdout, process.stderr]) {
  // Whoever read has gone, such as `head`: nobody is left to tell, and it is no mistake.
  stream.on('error', () => process.exit(128 + constants.signals.SIGPIPE))
}
const terminal = {
  environment: process.env,
  language: languageOf(process.env),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal,
}
// Before the arguments are read, as they may be what is wrong.
const asksJson = process.argv.includes('--json')
const setCode = (code: number) => {
  process.exitCode = code
}
const program = makeProgram(terminal, setCode, asksJson)
try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = signal.aborted ? exitCode() : exitCodeOf(error)
  // Commander has printed what it throws.
  const isUsage = error instanceof CommanderError
  if (isUsage && asksJson && process.exitCode !== 0) {
    process.stdout.write(`${JSON.stringify({ failure: usageFailure(error) })}\n`)
  }
  const { lang = terminal.language } = program.opts<{ lang?: Language }>()
  if (!isUsage) process.stderr.write(`${signal.aborted ? 'stopped' : errorText(error, lang)}\n`)
}
