import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Controller, Place } from './controllers.ts'

/** Which limit the kernel says was met; machine: memory, and not the limit of the command. */
export type Met = 'memory' | 'processes' | 'machine'

/** What the kernel counted in the groups of a command; the memory that ran out comes first. */
export async function metIn(own: readonly Place[]): Promise<Met | undefined> {
  const memory = placeOf(own, 'memory')
  if (memory && (await kills(memory)) > 0) {
    return (await isLimitReached(memory)) ? 'memory' : 'machine'
  }
  const pids = placeOf(own, 'pids')
  return pids && (await refusals(pids)) > 0 ? 'processes' : undefined
}

/** Whether nothing was killed and no fork refused: the group is as good as a new one. */
export async function isUntouched(own: readonly Place[]): Promise<boolean> {
  const [memory, pids] = [placeOf(own, 'memory'), placeOf(own, 'pids')]
  const counts = await Promise.all([memory && kills(memory), pids && refusals(pids)])
  return counts.every((count = 0) => count === 0)
}

function placeOf(own: readonly Place[], controller: Controller): Place | undefined {
  return own.find(({ controllers }) => controllers.includes(controller))
}

/** Processes that were killed for want of memory, whoever's it was. */
function kills(memory: Place): Promise<number> {
  const file = memory.version === 1 ? 'memory.oom_control' : 'memory.events'
  return counter(memory, file, /^oom_kill (\d+)$/m)
}

/** Forks that failed; both versions have it. */
function refusals(pids: Place): Promise<number> {
  return counter(pids, 'pids.events', /^max (\d+)$/m)
}

/** Version 1 has a counter for it that newer kernels leave at 0: it is told by the highest use. */
async function isLimitReached(memory: Place): Promise<boolean> {
  if (memory.version === 2) return (await counter(memory, 'memory.events', /^oom (\d+)$/m)) > 0
  const [limit, most] = await Promise.all([
    counter(memory, 'memory.limit_in_bytes', /^(\d+)$/m),
    counter(memory, 'memory.max_usage_in_bytes', /^(\d+)$/m),
  ])
  return most + SLACK_BYTES >= limit
}

/** Usage is counted by pages, and some of them ahead. */
const SLACK_BYTES = 1024 * 1024

async function counter({ folder }: Place, file: string, pattern: RegExp): Promise<number> {
  const text = await readFile(join(folder, file), 'utf8').catch(() => '')
  return Number(pattern.exec(text)?.[1] ?? 0)
}
