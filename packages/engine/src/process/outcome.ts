import { constants } from 'node:os'
import { failed, type PacklineError } from '@packline/shared'
import { limitFailures } from '../texts/failures/limits.ts'
import { processFailures } from '../texts/failures/process.ts'
import type { RunOptions, ToolCommand, ToolResult } from './command.ts'
import type { DiskFound } from './disk/watch-disk.ts'
import { type Evidence, exceeded, overDisk } from './exceeded.ts'
import type { CommandLimits } from './limits.ts'
import { nameOf } from './name-of.ts'
import { OverLimit } from './over-limit.ts'

/** Why a command was ended by us; `thrown`: the abort signal's reason, or what onLine threw. */
export type Stop =
  | { kind: 'timeout' }
  | { kind: 'output' }
  | { kind: 'disk'; found: DiskFound }
  | { kind: 'thrown'; reason: unknown }

/** A command that has ended, as seen from outside. */
export interface Ended extends Pick<ToolResult, 'ms' | 'stdout' | 'stderr' | 'output'> {
  code: number | null
  signal: NodeJS.Signals | null
  startError?: Error
  stop?: Stop
  isFenced: boolean
  /** What bubblewrap told; it holds "exit-code" when the command was really started. */
  status: string
}

/** What setpriv, env and shells exit with when they can not start a program. */
const NOT_EXECUTABLE = 126
const NOT_FOUND = 127
const START_FAILED =
  /^(?:bwrap: execvp|setpriv: |prlimit: |(?:\/usr\/bin\/)?env: ).*: (?:No such file|Permission denied|Not a directory)/

/** The result, or the error that command.ts promises. */
export async function outcome(
  command: ToolCommand,
  options: RunOptions,
  ended: Ended,
  limits: CommandLimits,
  evidence: Evidence,
): Promise<ToolResult> {
  if (ended.stop) throw stopped(command, options, limits, ended)
  if (isMissing(ended)) throw toolMissing(command, ended)
  if (ended.startError) throw ended.startError
  if (ended.isFenced && ended.signal === null && !ended.status.includes('"exit-code"')) {
    const { stderr, output } = ended
    throw failed('SANDBOX_FAILED', processFailures.noSandbox(firstLine(stderr)), { output })
  }
  const { ms, stdout, stderr, output } = ended
  const result = { ...exitOf(ended), ms, stdout, stderr, output }
  const failure = await exceeded(command, result, evidence)
  if (failure) throw failure
  return result
}

function stopped(
  command: ToolCommand,
  options: RunOptions,
  limits: CommandLimits,
  { output, stop }: Ended,
): unknown {
  if (stop?.kind === 'thrown') return stop.reason
  if (stop?.kind === 'disk') return overDisk(stop.found, nameOf(command), limits, output)
  if (stop?.kind === 'timeout') {
    const seconds = Math.round(options.timeoutMs / 100) / 10
    return new OverLimit('TIMED_OUT', processFailures.timedOut(nameOf(command), seconds), output)
  }
  const found = limitFailures.output(nameOf(command), options.outputBytesMax)
  return new OverLimit('TOO_MUCH_OUTPUT', found, output)
}

function isMissing({ isFenced, startError, code, status, stderr }: Ended): boolean {
  if (!isFenced) return startError !== undefined && /\b(?:ENOENT|EACCES)\b/.test(startError.message)
  const isStarted = status.includes('"exit-code"')
  // The tool itself may exit so, but then it does not say the words of the fence's programs.
  if (isStarted && code !== NOT_FOUND && code !== NOT_EXECUTABLE) return false
  return START_FAILED.test(firstLine(stderr))
}

function toolMissing(command: ToolCommand, { startError, stderr }: Ended): PacklineError {
  const because = startError ? startError.message : firstLine(stderr)
  const found = processFailures.notStarted(`${command.argv[0]}`, because, nameOf(command))
  return failed('TOOL_MISSING', found, { cause: startError })
}

/** bubblewrap and shells exit with 128 + N for a program that was ended by signal N. */
function exitOf({ code, signal, isFenced }: Ended): Pick<ToolResult, 'exitCode' | 'signal'> {
  if (signal !== null || code === null) return { exitCode: null, signal }
  const number = isFenced ? code - 128 : 0
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0]
  return name === undefined ? { exitCode: code, signal: null } : { exitCode: null, signal: name }
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? ''
}
