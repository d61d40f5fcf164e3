import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** The kernel ends a whole process namespace within milliseconds; this is far beyond. */
const GONE_WITHIN_MS = 5000
const ROUNDS_MAX = 20

/** Kills every process of a group; none left is what is wanted. */
export function killGroup(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // ESRCH: the group has ended by itself.
  }
}

/**
 * Waits until a process has ended. Of the first process of a namespace this says that all others
 * in it are gone too: the kernel ends it last. Returns whether it did within five seconds.
 */
export async function waitUntilGone(pid: number): Promise<boolean> {
  const deadline = performance.now() + GONE_WITHIN_MS
  while (await isAlive(pid)) {
    if (performance.now() > deadline) return false
    await wait(1)
  }
  return true
}

/** A zombie (state Z) has ended; in containers nobody may be there to collect it. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
  return state !== '' && state !== 'Z' && state !== 'X'
}

/**
 * Kills processes that left their command's group (setsid): those whose environment at their start
 * held the marker. Only Linux shows it; elsewhere, and where a process hid it, they live on.
 */
export async function killStrays(marker: string): Promise<void> {
  // A process may start another while they are looked for: until a round finds none.
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const names = await readdir('/proc').catch(() => [])
    const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
    const found = await Promise.all(pids.map((pid) => holds(pid, marker)))
    const strays = pids.filter((_, index) => found[index])
    if (strays.length === 0) return
    for (const pid of strays) killOne(pid)
    await Promise.all(strays.map(waitUntilGone))
  }
}

async function holds(pid: number, marker: string): Promise<boolean> {
  if (pid === process.pid) return false
  // Another user's process, or one that has just ended: not ours.
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
  return environment.includes(marker)
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // ESRCH: it ended in between.
  }
}

/** How often the kernel has killed a process for want of memory since it started; Linux tells. */
export async function memoryKills(): Promise<number> {
  const counters = await readFile('/proc/vmstat', 'utf8').catch(() => '')
  return Number(/^oom_kill (\d+)$/m.exec(counters)?.[1] ?? 0)
}
