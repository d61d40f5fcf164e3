import type { Controller } from './groups/controllers.ts'
import type { Groups } from './groups/groups.ts'
import type { CommandLimits } from './limits.ts'

/** How commands are kept away from the worker and from each other. */
export interface Isolation {
  kind: 'sandbox' | 'none'
  /** For people, in one line: what fences commands in, or why nothing does. */
  description: string
  /** Waits for a free slot; a build keeps one for all its commands. */
  acquireSlot(signal: AbortSignal): Promise<Slot>
  /** Descriptors that whoever started the worker left open; commands must not have them. */
  inherited: readonly number[]
  /** What one command may use of the machine. */
  limits: CommandLimits
  /** What the sandbox is made with; undefined where there is none. */
  fence?: Fence
  /** What bounds all processes of a command together; undefined: limits of processes have to do. */
  groups?: Groups
}

/** The user that a build's commands run as. */
export interface Slot {
  /** Undefined where the worker is not root: then commands run as the worker's own user. */
  uid?: number
  /** Hands a folder over to the user; called again, it hands over what the worker added. */
  prepareFolder(folder: string): Promise<void>
  release(): void
}

/**
 * When the privileges of root are dropped.
 * mounts-first: after the mounts, which then work below folders that only root may enter;
 * user-first: before bubblewrap, in containers where root may not mount; own-user: it is not root.
 */
export type FenceForm = 'mounts-first' | 'user-first' | 'own-user'

/** The sandbox as found on this machine; plain values, so that arguments can be tested as data. */
export interface Fence {
  form: FenceForm
  bwrap: string
  /** Sets limits of processes, file size and open files; undefined: not on this machine. */
  prlimit?: string
  setpriv?: string
  /** The worker's own Node.js, which opens the door of a command that may reach somebody. */
  node: string
  /** Whether a further user namespace inside is forbidden by bubblewrap itself. */
  disableUserns: boolean
  /** Arguments that show the system's own files, and localhost as the only host. */
  systemArguments: readonly string[]
  offlineArguments: readonly string[]
  limits: CommandLimits
  /** What control groups bound: nothing else has to. With any, bubblewrap waits for its group. */
  held: ReadonlySet<Controller>
  /** Whether a limit of processes counts those of its user namespace only (since Linux 5.14). */
  countsInside: boolean
  /** The system call filter, as bubblewrap reads it. */
  filter: Uint8Array
  /** Options of env(1) that give signals back their meaning, which Node.js changes. */
  signalOptions: readonly string[]
}
