import { statfs } from 'node:fs/promises'
import { failed, type PacklineError } from '@packline/shared'
import { limitFailures } from '../texts/failures/limits.ts'
import type { ToolCommand, ToolResult } from './command.ts'
import type { DiskFound } from './disk/watch-disk.ts'
import type { Controller } from './groups/controllers.ts'
import type { Met } from './groups/met.ts'
import type { CommandLimits } from './limits.ts'
import { nameOf } from './name-of.ts'
import { OverLimit } from './over-limit.ts'

/** What is known of the limits of a command that has failed. */
export interface Evidence {
  /** Those that its sandbox has set; undefined: there was none. */
  limits?: CommandLimits
  /** What its control groups bound, and which of that was met. */
  held: ReadonlySet<Controller>
  met(): Promise<Met | undefined>
  /** Whether the kernel killed anything on this machine for want of memory while it ran. */
  wasMemoryShort(): Promise<boolean>
}

/** With less room than that a disk counts as full. */
const ROOM_BYTES_MIN = 16 * 1024 * 1024
const ROOM_FILES_MIN = 100

/** What systems and languages say when a limit refuses something that no counter tells. */
const SIGNS = {
  openFiles: /\bEMFILE\b|Too many open files/i,
  room: /\bENOSPC\b(?!: System limit)|No space left on device/i,
  fileSize: /\bEFBIG\b|File too large|File size limit exceeded/i,
  processes:
    /\b(?:fork|clone|spawn|pthread_create)\b.*(?:EAGAIN|temporarily unavailable)|Cannot fork|can't start new thread|unable to create (?:new )?native thread/i,
  memory:
    /\bENOMEM\b|Cannot allocate memory|memory exhausted|std::bad_alloc|\bMemoryError\b|insufficient memory for the Java Runtime/i,
} as const

/** The failure of the limit that ended a command, or that it could not do without. */
export async function exceeded(
  command: ToolCommand,
  result: ToolResult,
  evidence: Evidence,
): Promise<PacklineError | undefined> {
  if (result.exitCode === 0) return undefined
  const tool = nameOf(command)
  const { output, signal } = result
  const { limits, held } = evidence
  const met = await evidence.met()
  if (met === 'machine') return failed('MEMORY_FULL', limitFailures.memoryFull(tool), { output })
  if (met && limits) return overLimit(met, tool, limits, output)
  if (signal === 'SIGKILL' && !held.has('memory') && (await evidence.wasMemoryShort())) {
    return failed('OUT_OF_MEMORY', limitFailures.workersMemory(tool), { output })
  }
  if (!limits) return undefined
  if (signal === 'SIGXFSZ') return overLimit('fileSize', tool, limits, output)
  const sign = signIn(output, held)
  if (sign !== 'room') return sign && overLimit(sign, tool, limits, output)
  if (await hasRoom(command)) return overLimit('room', tool, limits, output)
  return failed('DISK_FULL', limitFailures.diskFull(), { output })
}

/** The failure of a command that was ended for what it had written. */
export function overDisk(
  found: DiskFound,
  tool: string,
  limits: CommandLimits,
  output: string[],
): OverLimit {
  return found === 'files'
    ? new OverLimit('TOO_MANY_FILES', limitFailures.files(tool, limits), output)
    : new OverLimit('TOO_MUCH_DISK', limitFailures.diskSpace(tool, limits), output)
}

type Limit = keyof typeof SIGNS

/** What a control group bounds is told by its counters. */
function signIn(output: readonly string[], held: ReadonlySet<Controller>): Limit | undefined {
  const text = output.join('\n')
  const limits = Object.keys(SIGNS) as Limit[]
  const byGroup = { processes: held.has('pids'), memory: held.has('memory') }
  return limits.find(
    (limit) => !(byGroup as Partial<Record<Limit, boolean>>)[limit] && SIGNS[limit].test(text),
  )
}

function overLimit(limit: Limit, tool: string, limits: CommandLimits, output: string[]) {
  const { code, words } = LIMIT_FAILURES[limit]
  return new OverLimit(code, words(tool, limits), output)
}

const LIMIT_FAILURES = {
  memory: { code: 'OUT_OF_MEMORY', words: limitFailures.memory },
  processes: { code: 'TOO_MANY_PROCESSES', words: limitFailures.processes },
  openFiles: { code: 'TOO_MANY_OPEN_FILES', words: limitFailures.openFiles },
  fileSize: { code: 'TOO_MUCH_DISK', words: limitFailures.fileSize },
  room: { code: 'TOO_MUCH_DISK', words: limitFailures.tmp },
} as const

/** Where the disk has room it was the command's own /tmp that had none. */
async function hasRoom({ binds }: ToolCommand): Promise<boolean> {
  const writable = binds.filter((bind) => bind.writable)
  const rooms = await Promise.all(
    writable.map(async ({ from }) => {
      const { bavail, bsize, ffree, files } = await statfs(from)
      // A file system that counts no files has no end of them.
      return bavail * bsize >= ROOM_BYTES_MIN && (files === 0 || ffree >= ROOM_FILES_MIN)
    }),
  )
  return rooms.every(Boolean)
}
