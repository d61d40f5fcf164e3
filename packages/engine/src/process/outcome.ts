import { constants } from 'node:os'
import { PacklineError } from '@packline/shared'
import type { RunOptions, ToolCommand, ToolResult } from './command.ts'

/** Why a command was ended by us; `thrown`: the abort signal's reason, or what onLine threw. */
export type Stop = { kind: 'timeout' } | { kind: 'output' } | { kind: 'thrown'; reason: unknown }

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
  /^(?:bwrap: execvp|setpriv: |(?:\/usr\/bin\/)?env: ).*: (?:No such file|Permission denied|Not a directory)/

/** The result, or the error that command.ts promises. */
export async function outcome(
  command: ToolCommand,
  options: RunOptions,
  ended: Ended,
  wasMemoryShort: () => Promise<boolean>,
): Promise<ToolResult> {
  if (ended.stop) throw stopped(command, options, ended, ended.stop)
  if (isMissing(ended)) throw toolMissing(command, ended)
  if (ended.startError) throw ended.startError
  if (ended.isFenced && ended.signal === null && !ended.status.includes('"exit-code"')) {
    throw new PacklineError('SANDBOX_FAILED', firstLine(ended.stderr), { output: ended.output })
  }
  const { ms, stdout, stderr, output } = ended
  const result = { ...exitOf(ended), ms, stdout, stderr, output }
  if (result.signal === 'SIGKILL' && (await wasMemoryShort())) throw outOfMemory(command, ended)
  return result
}

function stopped(
  command: ToolCommand,
  options: RunOptions,
  { output }: Ended,
  stop: Stop,
): unknown {
  if (stop.kind === 'thrown') return stop.reason
  if (stop.kind === 'timeout') {
    const seconds = Math.round(options.timeoutMs / 100) / 10
    return new PacklineError('TIMED_OUT', `${nameOf(command)} ran for ${seconds} s, its limit`, {
      hint: 'Find what it waits for in its last lines, or raise build.timeoutSeconds.',
      output,
    })
  }
  const found = `${nameOf(command)} printed more than ${options.outputBytesMax} bytes, its limit`
  return new PacklineError('TOO_MUCH_OUTPUT', found, {
    hint: 'Make the tool say less, such as without its verbose or progress option.',
    output,
  })
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
  const found = `${command.argv[0]} could not be started on this worker: ${because}`
  return new PacklineError('TOOL_MISSING', found, {
    hint: `Install ${nameOf(command)} on the worker and start it again.`,
    cause: startError,
  })
}

function outOfMemory(command: ToolCommand, { output }: Ended): PacklineError {
  const found = `The kernel killed ${nameOf(command)}: the worker ran out of memory`
  return new PacklineError('OUT_OF_MEMORY', found, {
    hint: 'Let the build use less memory, or give the worker more, or fewer tool slots.',
    output,
  })
}

/** bubblewrap and shells exit with 128 + N for a program that was ended by signal N. */
function exitOf({ code, signal, isFenced }: Ended): Pick<ToolResult, 'exitCode' | 'signal'> {
  if (signal !== null || code === null) return { exitCode: null, signal }
  const number = isFenced ? code - 128 : 0
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0]
  return name === undefined ? { exitCode: code, signal: null } : { exitCode: null, signal: name }
}

function nameOf({ argv: [file = 'a command'] }: ToolCommand): string {
  return file.slice(file.lastIndexOf('/') + 1)
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? ''
}
