import type { Destination } from '@packline/outbound'
import type { Hider } from '../secrets/hider.ts'
import type { Slot } from './isolation.ts'

/** none: not even loopback outside; registries: package registries; source-host: the git server. */
export type Network = 'none' | 'registries' | 'source-host'

/** A server that a command may connect to. */
export interface Reach {
  /** Its name or address; `*.name` stands for all below a name. */
  host: string
  port: number
  /** It was named by the operator: then it may be inside. Others must be public. */
  isTrusted?: boolean
}

/** A file or folder of the worker that the command sees at `to`; read-only unless it says so. */
export interface Bind {
  from: string
  to: string
  writable?: boolean
  /** It outlives the build: only what the command itself writes there counts as its own. */
  lasting?: boolean
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
   * With a network: all that the sandbox lets it connect to, by HTTP through a proxy of the
   * worker's, which goes on by the proxy that `env` names. Without a sandbox nothing is held.
   */
  reach?: readonly Reach[]
  binds: readonly Bind[]
  /** Size of the command's own /tmp, in memory; by default what the limits say. */
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
  hide?: Hider
  /** Which private addresses servers may have that the operator has not named; none. */
  allows?: (destination: Destination) => boolean
  /** What the tool reads from its standard input; without it the input is empty. */
  input?: string
  /** It removes what a build has left: how much that is does not end it. */
  removes?: boolean
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
  /** Servers that it asked for and was kept from, as `host:port`; at most 20. */
  refused?: readonly string[]
  /** Registries that did not answer it, likewise. */
  unreached?: readonly string[]
}

/**
 * Runs a command until all its processes have ended. Throws PacklineError TOOL_MISSING or
 * SANDBOX_FAILED, the failure of the limit that it has met (OverLimit; MEMORY_FULL and DISK_FULL
 * are the machine's), and the signal's own reason. Another exit code than 0 is a result.
 */
export type RunTool = (command: ToolCommand, options: RunOptions) => Promise<ToolResult>
