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

/**
 * Runs a tool of the set-up to its end and answers what it printed (the last 256 Ki characters of
 * both streams). Any other code than 0, the deadline and the signal are errors that name the tool.
 */
export function runCommand(argv: [string, ...string[]], options: CommandOptions): Promise<string> {
  const [program, ...args] = argv
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_CHARACTERS_MAX)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const name = program.split('/').at(-1) ?? program
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) =>
      reject(new Error(`${name} ${reason}`, { cause }))
    const halt = guard(child.pid, options, fail)
    child.once('error', (cause: NodeJS.ErrnoException) => {
      halt()
      fail(`can not be run (${cause.code})`, cause)
    })
    child.once('close', (code) => {
      halt()
      if (code === 0) resolve(output)
      else fail(`failed: ${lastLine(output)}`)
    })
  })
}

/** Ends the command at its deadline, by its signal, or with us; answers how to call all that off. */
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
