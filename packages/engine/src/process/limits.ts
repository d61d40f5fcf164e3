/** What one command of a build may use; docs/operation.md has the settings that raise each. */
export interface CommandLimits {
  /** Of all its processes together, its /tmp and what it has of the page cache included. */
  memoryBytesMax: number
  /** Threads count too: Maven, Go and webpack start hundreds. */
  processesMax: number
  /** Processors that it may keep busy at once; undefined: as many as there are. */
  processorsMax?: number
  /** Of one process. */
  openFilesMax: number
  /** What the build's folder holds, and what one command writes into the cache. */
  diskBytesMax: number
  filesMax: number
  /** The command's own /tmp, in memory. */
  tmpBytesMax: number
  /** What it prints, both streams together. */
  outputBytesMax: number
}

const MIB = 1024 * 1024

/** Enough for Gradle with its daemon, Go's race detector and webpack, on machines of 8 GiB. */
export const DEFAULT_LIMITS: CommandLimits = {
  memoryBytesMax: 4096 * MIB,
  processesMax: 2048,
  openFilesMax: 8192,
  diskBytesMax: 10_240 * MIB,
  filesMax: 1_000_000,
  tmpBytesMax: 512 * MIB,
  outputBytesMax: 16 * MIB,
}

/** More than any package may weigh, so that it is the platform's limit that is met first. */
const FILE_BYTES_MAX = 4096 * MIB

/** Of one file. */
export function fileBytesMax({ diskBytesMax }: CommandLimits): number {
  return Math.min(FILE_BYTES_MAX, diskBytesMax)
}
