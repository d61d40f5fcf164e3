import type { Passage } from './gateway/gateway.ts'

/** What is really started: the command itself, or the sandbox around it. */
export interface Launch {
  file: string
  args: readonly string[]
  /** Undefined: the sandbox changes into the folder itself. */
  cwd?: string
  env: Readonly<Record<string, string>>
  /** User and group that the process gets before it starts; only root can give one. */
  uid?: number
  /** Whether it tells its state at descriptor 3, and reads a call filter from descriptor 4. */
  isFenced: boolean
  filter?: Uint8Array
  /** It does not begin before descriptor 5 is closed: it is put into its group first. */
  gated?: boolean
  /** It opens a door that the worker attends: the only way out of a sandbox without network. */
  door?: Passage
  /** Found in the environment of processes that left their group; where nothing fences them in. */
  marker?: string
}

/** Descriptors of the launched process, after its three streams. */
export const STATUS_DESCRIPTOR = 3
export const FILTER_DESCRIPTOR = 4
export const GATE_DESCRIPTOR = 5
