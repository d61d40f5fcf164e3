import { readFile } from 'node:fs/promises'

/**
 * Tells whether the kernel has killed a process for want of memory since it was last asked. It
 * counts for the whole machine: ask only when a process was killed and not by us.
 */
export async function watchMemory(): Promise<() => Promise<boolean>> {
  let seen = await memoryKills()
  return async () => {
    const before = seen
    seen = await memoryKills()
    return seen > before
  }
}

/** Since the machine started, of all control groups; 0 where the kernel does not tell. */
async function memoryKills(): Promise<number> {
  const counters = await readFile('/proc/vmstat', 'utf8').catch(() => '')
  return Number(/^oom_kill (\d+)$/m.exec(counters)?.[1] ?? 0)
}
