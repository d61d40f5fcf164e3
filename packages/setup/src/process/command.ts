import { spawn } from 'node:child_process'
import { signalGroup } from './group.ts'
import { lastLine } from './tail.ts'
import { endWithUs } from './watcher.ts'

const OUTPUT_CHARACTERS_MAX = 256 * 1024

interface CommandOptions {
  cwd?: string
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>
  timeoutMs: number
  signal?: AbortSignal
}

/** What a command came to; `code` is absent when a signal ended it. */
export interface CommandResult {
  code: number | undefined
  /** The last 256 Ki characters of both streams. */
  output: string
}

/** Runs a tool of the set-up and answers what it printed; any code but 0 is an error. */
export async function runCommand(
  argv: [string, ...string[]],
  options: CommandOptions,
): Promise<string> {
  const { code, output } = await runToEnd(argv, options)
  if (code !== 0) throw new Error(`${nameOf(argv)} failed: ${lastLine(output)}`)
  return output
}

/** Runs a command in a process group of its own; the deadline and the signal end it as errors. */
export function runToEnd(
  argv: [string, ...string[]],
  options: CommandOptions,
): Promise<CommandResult> {
  const [program, ...args] = argv
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  const keep = (chunk: string) => {
    output = (output + chunk).slice(-OUTPUT_CHARACTERS_MAX)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) =>
      reject(new Error(`${nameOf(argv)} ${reason}`, { cause }))
    const halt = guard(child.pid, options, fail)
    child.once('error', (cause: NodeJS.ErrnoException) => {
      halt()
      fail(`can not be run (${cause.code})`, cause)
    })
    child.once('close', (code) => {
      halt()
      resolve({ code: code ?? undefined, output })
    })
  })
}

function nameOf([program]: [string, ...string[]]): string {
  return program.split('/').at(-1) ?? program
}

/** Ends the command at its deadline, by its signal, or with us; answers how to call that off. */
function guard(
  pid: number | undefined,
  options: CommandOptions,
  fail: (reason: string) => void,
): () => void {
  if (pid === undefined) return () => {}
  const end = (reason: string) => {
    fail(reason)
    signalGroup(pid, 'SIGKILL')
  }
  const timer = setTimeout(() => end(`took over ${options.timeoutMs / 1000} s`), options.timeoutMs)
  const abort = () => end('was called off')
  options.signal?.addEventListener('abort', abort, { once: true })
  if (options.signal?.aborted) abort()
  const callOff = endWithUs(pid, 0)
  return () => {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', abort)
    callOff()
  }
}
