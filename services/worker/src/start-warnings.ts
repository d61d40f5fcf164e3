import { totalmem } from 'node:os'
import process from 'node:process'
import type { Isolation } from '@packline/engine'
import type { Config } from './config.ts'

const MIB = 1024 * 1024

/** What an operator should know of a worker before it builds, each in one line. */
export function startWarnings(
  isolation: Pick<Isolation, 'kind' | 'description'>,
  { toolSlots, limits }: Pick<Config, 'toolSlots' | 'limits'>,
  machineBytes = memoryOfMachine(),
): string[] {
  const none = isolation.kind === 'none' ? [isolation.description] : []
  const wanted = toolSlots * limits.memoryBytesMax
  if (wanted <= machineBytes) return none
  const [each, all] = [limits.memoryBytesMax, machineBytes].map((bytes) => Math.round(bytes / MIB))
  const found = `${toolSlots} tool slots of ${each} MiB each are more than the ${all} MiB of memory`
  return [...none, `${found}: lower PACKLINE_MEMORY_MIB_MAX or PACKLINE_TOOL_SLOTS`]
}

/** A container may have less than its machine; without a bound of its own it tells none, or 0. */
function memoryOfMachine(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
