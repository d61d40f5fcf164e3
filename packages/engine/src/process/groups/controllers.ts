import type { CommandLimits } from '../limits.ts'

/** What a control group can bound, by the names that both versions have for it. */
export type Controller = 'memory' | 'pids' | 'cpu'

export const CONTROLLERS: readonly Controller[] = ['memory', 'pids', 'cpu']

/** A folder of a control group tree in which groups of commands are made. */
export interface Place {
  version: 1 | 2
  folder: string
  controllers: readonly Controller[]
}

/** A file of a group, and what is written into it. */
export interface Setting {
  file: string
  value: string
  /** Not every kernel has it: counting of swap may be turned off. */
  optional?: true
}

/** The time slice that a bound on processors is counted in; the kernel's own default. */
const PERIOD_US = 100_000

/** Half of what any other group or process has: the worker renews its locks beside them. */
const SHARES = { 1: '512', 2: '50' } as const

/** What bounds a command, in the order that it has to be written. */
export function settingsOf({ version, controllers }: Place, limits: CommandLimits): Setting[] {
  return controllers.flatMap((controller) => SETTINGS[version][controller](limits))
}

type Settings = Record<Controller, (limits: CommandLimits) => Setting[]>

const pids = ({ processesMax }: CommandLimits): Setting[] => [
  { file: 'pids.max', value: String(processesMax) },
]

const SETTINGS: Record<Place['version'], Settings> = {
  1: {
    memory: ({ memoryBytesMax }) => [
      { file: 'memory.limit_in_bytes', value: String(memoryBytesMax) },
      // Of memory and swap together: no swap.
      { file: 'memory.memsw.limit_in_bytes', value: String(memoryBytesMax), optional: true },
    ],
    pids,
    cpu: ({ processorsMax }) => [
      { file: 'cpu.shares', value: SHARES[1] },
      ...(processorsMax === undefined
        ? []
        : [{ file: 'cpu.cfs_quota_us', value: String(Math.round(processorsMax * PERIOD_US)) }]),
    ],
  },
  2: {
    memory: ({ memoryBytesMax }) => [
      { file: 'memory.max', value: String(memoryBytesMax) },
      { file: 'memory.swap.max', value: '0', optional: true },
      // All of the command ends at once, not one of its processes by chance.
      { file: 'memory.oom.group', value: '1', optional: true },
    ],
    pids,
    cpu: ({ processorsMax }) => [
      { file: 'cpu.weight', value: SHARES[2] },
      ...(processorsMax === undefined
        ? []
        : [{ file: 'cpu.max', value: `${Math.round(processorsMax * PERIOD_US)} ${PERIOD_US}` }]),
    ],
  },
}
