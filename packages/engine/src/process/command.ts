import type { Slot } from './isolation.ts'

/** none: not even loopback outside; registries: package registries; source-host: the git server. */
export type Network = 'none' | 'registries' | 'source-host'

/** A server that a command may connect to, by its name or address. */
export interface Reach {
  host: string
  port: number
}

/** A file or folder of the worker that the command sees at `to`; read-only unless it says so. */
export interface Bind {
  from: string
  to: string
  writable?: boolean
}

/** A command as data: the argument list, never a shell's line, and the whole environment. */
export interface ToolCommand {
  argv: readonly string[]
  /** As seen inside, such as `/build/source`. */
  cwd: string
  /** Nothing is inherited: what stands here is all the tool gets. */
  env: Readonly<Record<string, string>>
  network: Network
  /**
   * With network "source-host": all that the sandbox lets it connect to, by HTTP through a proxy of
   * the worker's, which goes on by the proxy that `env` names. Without a sandbox nothing is held.
   */
  reach?: readonly Reach[]
  binds: readonly Bind[]
  /** Size of the command's own /tmp, in memory; by default 512 MiB. */
  tmpBytesMax?: number
}

export interface RunOptions {
  signal: AbortSignal
  timeoutMs: number
  /** Bytes of both streams together; more ends the command with TOO_MUCH_OUTPUT. */
  outputBytesMax: number
  /** Called while the tool runs; a line longer than LIMITS.logLineBytesMax comes in pieces. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void
  /** Takes secrets out of what it prints, before anybody reads it. */
  hide?: (text: string) => string
  /** What the tool reads from its standard input; without it the input is empty. */
  input?: string
  /** The user it runs as; without one a slot is taken for this command alone. */
  slot?: Slot
}

/** How a command ended: with an exit code, or by a signal (then `exitCode` is null). */
export interface ToolResult {
  exitCode: number | null
  signal: string | null
  ms: number
  /** The last 64 KiB of each stream. */
  stdout: string
  stderr: string
  /** The last 40 lines of both streams, in the order they came. */
  output: string[]
}

/**
 * Runs a command until all its processes have ended. Throws PacklineError TIMED_OUT,
 * TOO_MUCH_OUTPUT, OUT_OF_MEMORY, TOOL_MISSING or SANDBOX_FAILED, and the signal's own reason.
 * An exit code other than 0 is a result, not an error.
 */
export type RunTool = (command: ToolCommand, options: RunOptions) => Promise<ToolResult>
