import { PacklineError } from '@packline/shared'
import * as z from 'zod'
import { type CommandLimits, DEFAULT_LIMITS } from './limits.ts'

const MIB = 1024 * 1024
const inMib = (bytes: number, mibMin: number) =>
  z.coerce
    .number()
    .int()
    .min(mibMin)
    .default(bytes / MIB)
const count = (usual: number, min: number) => z.coerce.number().int().min(min).default(usual)

/** The settings that raise or lower what one command may use, each with what holds without it. */
export const limitSettings = {
  PACKLINE_MEMORY_MIB_MAX: inMib(DEFAULT_LIMITS.memoryBytesMax, 256),
  PACKLINE_PROCESSES_MAX: count(DEFAULT_LIMITS.processesMax, 16),
  /** Processors that one command may keep busy; without it as many as there are. */
  PACKLINE_PROCESSORS_MAX: z.coerce.number().min(0.1).optional(),
  PACKLINE_OPEN_FILES_MAX: count(DEFAULT_LIMITS.openFilesMax, 64),
  PACKLINE_DISK_MIB_MAX: inMib(DEFAULT_LIMITS.diskBytesMax, 64),
  PACKLINE_FILES_MAX: count(DEFAULT_LIMITS.filesMax, 1000),
  PACKLINE_TMP_MIB_MAX: inMib(DEFAULT_LIMITS.tmpBytesMax, 1),
  PACKLINE_OUTPUT_MIB_MAX: inMib(DEFAULT_LIMITS.outputBytesMax, 1),
}

const settings = z.object(limitSettings)

/** The limits that an environment sets; throws INVALID_REQUEST naming each that is wrong. */
export function limitsFrom(environment: NodeJS.ProcessEnv): CommandLimits {
  const parsed = settings.safeParse(environment)
  if (parsed.success) return limitsOf(parsed.data)
  const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new PacklineError(
    'INVALID_REQUEST',
    `The environment is not right:\n${mistakes.join('\n')}`,
  )
}

/** The limits that these settings mean. */
export function limitsOf(values: z.output<typeof settings>): CommandLimits {
  return {
    memoryBytesMax: values.PACKLINE_MEMORY_MIB_MAX * MIB,
    processesMax: values.PACKLINE_PROCESSES_MAX,
    processorsMax: values.PACKLINE_PROCESSORS_MAX,
    openFilesMax: values.PACKLINE_OPEN_FILES_MAX,
    diskBytesMax: values.PACKLINE_DISK_MIB_MAX * MIB,
    filesMax: values.PACKLINE_FILES_MAX,
    tmpBytesMax: values.PACKLINE_TMP_MIB_MAX * MIB,
    outputBytesMax: values.PACKLINE_OUTPUT_MIB_MAX * MIB,
  }
}
